"""SQLite copies what was committed from its log into the file, and by itself in the middle of a
commit: every three hundredth took 70 to 130 ms in place of one or two, and a page that was due
waited (measured: docs/figures.md). Here a thread copies. A commit never does it, but still shares
the disk with it: of what was written in bulk the first copy held a commit up for 80 ms.
"""

import asyncio
import sqlite3
from contextlib import closing
from urllib.parse import quote

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger(__name__)

EVERY_S = 2.0
# Pages of 4 kB in the log; only if the thread does not come to it, a commit copies them after all.
NET = 20_000


async def checkpoint_for_ever(engine: AsyncEngine) -> None:
    """Keep the log short. Where there is no such log, there is nothing to do, for ever."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        await asyncio.Event().wait()
        return
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await asyncio.to_thread(checkpoint, path)
        except sqlite3.Error as error:  # the next one does it, or the net
            log.warning("checkpoint_failed", error_type=type(error).__name__)


def checkpoint(path: str) -> tuple[int, int]:
    """Copy what no reader holds, without holding up a writer. Returns how many pages the log
    has, and how many of them are in the file now. Raises `sqlite3.Error`."""
    existing = f"file:{quote(path)}?mode=rw"  # a file that is gone is not made anew
    with closing(sqlite3.connect(existing, uri=True, timeout=1.0)) as connection:
        _busy, written, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return written, copied
