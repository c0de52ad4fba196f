"""Who is in the folder becomes a person; who has no Matrix name yet has no way to be reached."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.check_staff import people
from commands.messages import Listed
from commands.onboard import invite_everybody
from commands.people import by_key, identity_of, row_id
from commands.seed import seed_people
from commands.world import World
from config.people import PersonEntry
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from storage.tables import Identity
from tests.channels.showing_samples import demo
from tests.commands.harness import FRIDAY_HOSPITAL, MASTER

NEW = PersonEntry(key="vt_tg", partner="vt", label="VT op straat", roles=frozenset({"melder"}))
KNOWN = NEW.model_copy(update={"key": "vt_mx", "matrix": "@vt_mx:lagedijk.example"})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'kortelijn.sqlite3'}")
    await migrate(engine)
    made = Store(engine, Vault([MASTER]), b"log", "lage-dijk", lambda: FRIDAY_HOSPITAL)
    yield made
    await made.close()


async def test_somebody_without_matrix_is_known_and_waits_for_a_link(store: Store) -> None:
    for _ in range(2):
        async with store.unit() as unit:
            await seed_people(unit, {entry.key: entry for entry in (NEW, KNOWN)})
    async with store.unit() as unit:
        person = await by_key(unit, "vt_tg")
        assert person is not None
        assert await identity_of(unit, row_id(person)) is None
        found = (await unit.session.exec(select(Identity))).all()
        assert [(it.channel, it.address) for it in found] == [("matrix", KNOWN.matrix)]
        assert await invite_everybody(unit) == 1, "without an account there is nobody to invite"


async def test_check_names_whoever_has_no_chat_yet(store: Store, tmp_path: Path) -> None:
    async with store.unit() as unit:
        await seed_people(unit, {NEW.key: NEW})
        line = await people(unit, World(demo(tmp_path), {}))
    assert line.warns
    assert line.detail.key == "check.people.not_in"
    params = dict(line.detail.params)
    assert params["who"] == Listed(("VT op straat",))
