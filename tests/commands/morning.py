"""A region with everybody enrolled, or one in which more has happened: made once, and copied for
every test that begins there."""

import atexit
import copy
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine.url import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from commands.onboard import invite_everybody, open_group
from commands.seed import seed_people, seed_roster
from commands.world import World
from config.load import load_folder
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from tests.commands.harness import FRIDAY_HOSPITAL, MASTER, Desk
from tests.kit.postgres import Postgres
from tests.kit.pristine import Databases, Files, Pristine

Happens = Callable[[Desk], Awaitable[None]]
OWN = ("store", "world", "folder", "time")  # of each desk; the rest is as it was when it was made


@dataclass(frozen=True)
class _Morning:
    folder: Path
    desk: Desk
    databases: Databases


_mornings: dict[tuple[int, bool, bool, Happens | None], _Morning] = {}
_server: list[Postgres] = []  # the one to work on; none: SQLite
_engines: dict[str, AsyncEngine] = {}  # of a server; each knows the statements that it met
_idle: list[AsyncEngine] = []  # for files; as do these


@contextmanager
def on_postgres(server: Postgres) -> Iterator[None]:
    """Every desk that is opened meanwhile stands on this server."""
    _server.append(server)
    try:
        yield
    finally:
        _server.clear()


@asynccontextmanager
async def open_desk(
    folder_path: Path,
    *,
    now: int = FRIDAY_HOSPITAL,
    joins: bool = True,
    after: Happens | None = None,
) -> AsyncIterator[Desk]:
    """A desk with everybody in their direct chat, tested and quiet; or as it stands after that
    happened, which must be the same at each call."""
    morning = await _morning(now, joins, after)
    shutil.copytree(morning.folder, folder_path, dirs_exist_ok=True)
    async with morning.databases.copy() as url:
        desk = _desk_like(morning, folder_path, url)
        try:
            yield desk
        finally:
            await _close(desk)


async def _morning(now: int, joins: bool, after: Happens | None) -> _Morning:
    server = _server[0] if _server else None
    which = (now, joins, server is not None, after)
    if which not in _mornings:
        path = Path(tempfile.mkdtemp(prefix="kortelijn-morning-"))
        atexit.register(shutil.rmtree, path, ignore_errors=True)
        if after is None:
            _mornings[which] = await _begin(path, now, joins, server)
        else:
            _mornings[which] = await _go_on(path, await _morning(now, joins, None), after)
    return _mornings[which]


def _desk(folder_path: Path, now: int, joins: bool, url: str) -> Desk:
    folder = load_folder(Settings(config_dir=folder_path))
    time = [now]
    store = Store(_engine(url), Vault([MASTER]), b"log", folder.region.id, lambda: time[0])
    return Desk(store, World(folder.region, folder.protocols), folder, time, joins=joins)


def _desk_like(morning: _Morning, folder_path: Path, url: str) -> Desk:
    desk = _desk(folder_path, morning.desk.now, morning.desk.joins, url)
    for each in fields(Desk):
        if each.name not in OWN:
            setattr(desk, each.name, copy.deepcopy(getattr(morning.desk, each.name)))
    return desk


def _engine(url: str) -> AsyncEngine:
    if not url.startswith("postgresql"):
        return _engine_on(url)
    if url not in _engines:
        _engines[url] = open_engine(url)
    return _engines[url]


def _engine_on(url: str) -> AsyncEngine:
    """Each file is used once, but an engine that nobody uses goes on to the next one."""
    if not _idle:
        engine = open_engine(url)
        event.listen(engine.sync_engine, "do_connect", _to_its_file(engine))
        return engine
    engine = _idle.pop()
    engine.sync_engine.url = make_url(url).set(drivername=engine.url.drivername)
    return engine


def _to_its_file(engine: AsyncEngine) -> Callable[..., None]:
    def connects(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
        arguments[0] = engine.url.database

    return connects


async def _close(desk: Desk) -> None:
    await desk.store.close()
    if desk.store.engine.dialect.name == "sqlite":
        _idle.append(desk.store.engine)


async def _begin(path: Path, now: int, joins: bool, server: Postgres | None) -> _Morning:
    settings = Settings(config_dir=path / "region")
    scaffold(settings.config_dir, settings.secrets_dir, demo_region("http://localhost", "x"), "x")
    databases = Pristine(server, await server.fresh()) if server else Files(path / "first.db")
    desk = _desk(settings.config_dir, now, joins, databases.first)
    await migrate(desk.store.engine)
    async with desk.store.unit() as unit:
        await seed_people(unit, desk.folder.people)
        await seed_roster(unit, desk.folder.roster)
        await unit.session.flush()
        await invite_everybody(unit)
        everybody = [each.matrix for each in desk.folder.people.values() if each.matrix]
        await open_group(unit, desk.world, "matrix", everybody)
    await desk.settle()
    await desk.advance(0.2)
    desk.expect_so_far()
    for told in (desk.deliveries, desk.files, desk.erased, desk.case_rooms):
        told.clear()
    await _close(desk)
    return _Morning(settings.config_dir, desk, databases)


async def _go_on(path: Path, morning: _Morning, happens: Happens) -> _Morning:
    databases = await morning.databases.another(path / "first.db")
    desk = _desk_like(morning, morning.folder, databases.first)
    await happens(desk)
    await _close(desk)
    return _Morning(morning.folder, desk, databases)
