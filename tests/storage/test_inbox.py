"""What stays of an update that nobody could handle."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from storage import inbox
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store, Unit
from storage.tables import InboxRow

UPDATE = {
    "update_id": "$1",
    "kind": "text",
    "room": "!a",
    "sender": "@om:x",
    "at": 1,
    "text": "letsel past niet bij uitleg",
}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty database with one update in it."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3")
    await migrate(engine)
    store = Store(engine, Vault([Fernet.generate_key()]), b"log", "r", lambda: 1_000)
    async with store.unit() as unit:
        await inbox.keep(unit, "matrix", [UPDATE], "s1")
    yield store
    await store.close()


async def the_row(unit: Unit) -> InboxRow:
    """The only one."""
    return (await unit.session.exec(select(InboxRow))).one()


async def test_a_quarantined_update_keeps_what_helps_and_no_words(store: Store) -> None:
    async with store.unit() as unit:
        inbox.set_aside(unit, await the_row(unit), "KeyError")
    async with store.view() as unit:
        row = await the_row(unit)
        kept = json.loads(unit.vault.unseal(row.payload))
        assert kept == {"update_id": "$1", "kind": "text", "room": "!a", "error": "KeyError"}
        assert (row.state, row.done_at) == ("quarantined", 1_000)
        assert await inbox.next_new(unit) is None


async def test_an_update_that_does_not_open_can_be_set_aside(store: Store) -> None:
    async with store.unit() as unit:
        row = await the_row(unit)
        row.payload = "damaged"
        inbox.set_aside(unit, row, "Unsealable")
    async with store.view() as unit:
        kept = json.loads(unit.vault.unseal((await the_row(unit)).payload))
    assert kept == {"update_id": "$1", "error": "Unsealable", "payload": "Unsealable"}


async def test_nothing_stays_of_an_update_that_was_handled(store: Store) -> None:
    async with store.unit() as unit:
        inbox.finish(unit, await the_row(unit))
    async with store.view() as unit:
        row = await the_row(unit)
    assert (row.state, row.payload) == ("done", "")
