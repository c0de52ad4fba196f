"""Two writers at once never lose an update."""

import asyncio
from pathlib import Path

from cryptography.fernet import Fernet

from storage.access_log import BOT, note, verify
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store

TIMES = 40


async def test_the_chain_stays_whole_with_two_processes_worth_of_writers(tmp_path: Path) -> None:
    """Two stores on one file share no lock in memory, as two processes would."""
    url = f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3"
    key = Fernet.generate_key()
    stores = [Store(open_engine(url), Vault([key]), b"log", "r", lambda: 1) for _ in range(2)]
    try:
        await migrate(stores[0].engine)

        async def write(store: Store) -> None:
            for _ in range(TIMES):
                async with store.unit() as unit:
                    await note(unit, BOT, "create", "test", right="test")

        await asyncio.gather(*(write(store) for store in stores))
        async with stores[0].view() as unit:
            verdict = await verify(unit)
        assert (verdict.rows, verdict.broken_at) == (2 * TIMES, None)
    finally:
        for store in stores:
            await store.close()
