"""Databases with open cases, one of each kind, at rest; whoever measures gets a copy."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from string import Template

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from bot.app import store_of
from bot.clock import Clock, WallClock
from commands.people import row_id
from commands.rules.reference import PATTERN
from commands.seed import seed_people, seed_roster
from config.load import Configuration, load
from config.settings import Settings
from storage.schema import migrate
from storage.store import Store
from storage.tables import Person
from tests.bench.open_cases import fill
from tests.kit.postgres import Postgres
from tests.kit.telegram.region import enrolled

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
KINDS = (SQLITE, POSTGRESQL)
NEXT = "om_ovj1"  # who is called by every escalation
INITIATOR = "vt_fo"

# The shovel leaves numbers of its own and keys that open nothing; its clocks run for minutes.
_KEYS = 'UPDATE "case" SET wrapped_key = :key, reason = :reason'
# And references that no messenger would show.
_SYMBOL = "substr('{symbols}', (id - 1) / {every} % {count} + 1, 1)"
_REFERENCE = " || ".join(
    _SYMBOL.format(symbols=symbols, count=len(symbols), every=prod(map(len, PATTERN[place + 1 :])))
    for place, symbols in enumerate(PATTERN)
)
_REFERENCES = Template('UPDATE "case" SET reference = $drawn').substitute(drawn=_REFERENCE)
_PARTNERS = """UPDATE chain SET partner = CASE position WHEN 1 THEN 'vt' WHEN 2 THEN 'om'
  WHEN 3 THEN 'politie' ELSE 'rvdk' END"""
_TOMORROW = "UPDATE timer SET due_at = due_at + 86400000 WHERE state = 'live'"
_NUMBERED = ("person", "case", "chain", "page")
_AFTER = (
    """SELECT setval(pg_get_serial_sequence('"{table}"', 'id'), (SELECT max(id) FROM "{table}"))"""
)


@dataclass(frozen=True)
class Ground:
    """`cases` open ones in each database, with their clocks; nothing is due before tomorrow."""

    config_dir: Path
    configuration: Configuration
    cases: int
    postgres: Postgres
    _resting: Mapping[str, str]  # file, or name of the database
    _folder: Path

    @asynccontextmanager
    async def copy(self, kind: str) -> AsyncIterator[str]:
        """The address of a database of one's own; it is gone afterwards."""
        resting = self._resting[kind]
        if kind == SQLITE:
            path = self._folder / "copy" / "kortelijn.sqlite3"
            shutil.copytree(Path(resting).parent, path.parent)
            try:
                yield _sqlite(path)
            finally:
                shutil.rmtree(path.parent)
        else:
            name = await self.postgres.fresh(like=resting)
            try:
                yield self.postgres.url(name)
            finally:
                await self.postgres.drop(name)

    @asynccontextmanager
    async def store(self, url: str, clock: Clock | None = None) -> AsyncIterator[Store]:
        """What is stored there."""
        settings = Settings(config_dir=self.config_dir, database_url=url)
        store = store_of(settings, self.configuration, clock or WallClock())
        try:
            yield store
        finally:
            await store.close()


@asynccontextmanager
async def a_ground(
    config_dir: Path, chats: Mapping[str, int], cases: int, folder: Path
) -> AsyncIterator[Ground]:
    """Fill both. `chats`: numbers on Telegram of those who have enrolled there."""
    async with AsyncExitStack() as stack:
        postgres = await stack.enter_async_context(Postgres.temporary(safe=True))
        path = folder / "resting" / "kortelijn.sqlite3"
        name = await postgres.fresh()
        configuration = load(Settings(config_dir=config_dir))
        resting = {SQLITE: str(path), POSTGRESQL: name}
        ground = Ground(config_dir, configuration, cases, postgres, resting, folder)
        for url in (_sqlite(path), postgres.url(name)):
            async with ground.store(url) as store:
                await _lay(store, configuration, chats, cases)
        yield ground


async def _lay(
    store: Store, configuration: Configuration, chats: Mapping[str, int], cases: int
) -> None:
    await migrate(store.engine)
    frozen = configuration.protocols["skm"].model_dump_json()
    await fill(store, cases, frozen, store.now())
    async with store.unit() as unit:
        key = unit.vault.new_case_key()
        given = {"key": key, "reason": unit.vault.seal("letsel past niet bij uitleg", key)}
        statements = [_KEYS, _REFERENCES, _PARTNERS, _TOMORROW]
        if store.engine.dialect.name == "postgresql":
            statements += [_AFTER.format(table=table) for table in _NUMBERED]

        for statement in statements:
            asked = text(statement)
            params = {name: given[name] for name in asked.compile().params}
            await unit.session.exec(asked, params=params)  # type: ignore[call-overload]
    async with store.unit() as unit:
        await seed_people(unit, configuration.people)
        await seed_roster(unit, configuration.roster)
    async with store.unit() as unit:
        for person in await unit.session.exec(select(Person).where(col(Person.key).in_(chats))):
            unit.session.add(enrolled(row_id(person), chats[person.key], unit.now))


def _sqlite(path: Path) -> str:
    return str(make_url("sqlite+aiosqlite://").set(database=str(path)))
