"""The disk under the database, and how it becomes slow; and what else can befall a database."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Protocol

from psycopg import sql

from tests.kit.postgres import Postgres
from tests.soak.slow_disk import ORDER

MOST_PG_MS = 100  # that its setting takes


class Disk(Protocol):
    """What befalls it. Lengths in seconds, delays in milliseconds."""

    emulated: str  # what a slow disk and a hold-up are here, for the report

    async def slow(self, delay_ms: int) -> None:
        """Every commit takes so much longer from now on; 0 ends it."""
        ...

    async def held_up(self, seconds: float) -> None:
        """For so long nobody gets to write."""
        ...


class SqliteDisk:
    """Of a file, whose program runs as `tests.soak.slow_disk` in `folder`."""

    emulated = (
        "slow disk: a layer in the bot's process (`tests/soak/slow_disk.py`) sleeps before every"
        " commit that writes, and the whole program waits with it; hold-up: another process holds"
        " the write lock (`BEGIN IMMEDIATE`)"
    )

    def __init__(self, folder: Path, database: Path) -> None:
        self._order = folder / ORDER
        self._database = database

    async def slow(self, delay_ms: int) -> None:
        if delay_ms:
            self._order.write_text(str(delay_ms))
        else:
            self._order.unlink(missing_ok=True)

    async def held_up(self, seconds: float) -> None:
        await asyncio.to_thread(_hold, self._database, seconds)


class PostgresDisk:
    """Of a server that waits for its disk (`safe`)."""

    emulated = (
        "slow disk: the server's own `commit_delay`, at most 100 ms before each flush; hold-up: the"
        " server dies as in a power cut and is started again on the same data"
    )

    def __init__(self, server: Postgres) -> None:
        self._server = server

    async def slow(self, delay_ms: int) -> None:
        set_to = sql.SQL("ALTER SYSTEM SET {} = {}")
        delay = min(delay_ms, MOST_PG_MS) * 1000
        for name, value in (("commit_delay", delay), ("commit_siblings", 0)):
            await self._server.run(set_to.format(sql.Identifier(name), sql.Literal(value)))
        await self._server.run(sql.SQL("SELECT pg_reload_conf()").format())

    async def held_up(self, seconds: float) -> None:
        await self._server.crash()
        try:
            await asyncio.sleep(seconds)
        finally:
            await self._server.start()


def _hold(database: Path, seconds: float) -> None:
    with closing(sqlite3.connect(database, timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")
