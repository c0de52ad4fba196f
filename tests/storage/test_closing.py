"""The end of a store: every connection is closed, also one that somebody has in hand."""

import asyncio
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event, text

from storage.engine import open_engine
from storage.sealing import Vault
from storage.store import Store
from tests.kit.postgres import Postgres


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_is_in_use_is_closed_when_it_comes_back(
    tmp_path: Path, postgres: Postgres, kind: str
) -> None:
    """A send that was begun is marked while the program stops."""
    on_file = f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3"
    url = on_file if kind == "sqlite" else postgres.url(await postgres.fresh())
    store = Store(open_engine(url), Vault([Fernet.generate_key()]), b"log", "r", lambda: 1)
    heard: list[str] = []
    for what in ("connect", "close"):
        event.listen(store.engine.sync_engine, what, lambda *_, what=what: heard.append(what))
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        async with store.view() as unit:
            await unit.session.exec(text("SELECT 1"))  # type: ignore[call-overload]
            inside.set()
            await go_on.wait()

    looking = asyncio.create_task(look())
    await inside.wait()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(looking, closing)
    assert heard == ["connect", "close"]
