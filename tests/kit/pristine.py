"""Databases that begin every test as the same one did, without being made anew.

A copy of a whole database takes PostgreSQL most of a second on a busy machine; putting back the
rows of one that exists takes some hundredths.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from tests.kit.postgres import Postgres

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_SEQUENCES = (
    "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL"
    " FROM pg_sequences WHERE schemaname = 'public'"
)


class Databases(Protocol):
    """Copies of one database, given out and put back."""

    @property
    def first(self) -> str:
        """The address of the one that the copies are like. Nobody changes it after the first."""
        ...

    def copy(self) -> AbstractAsyncContextManager[str]:
        """The address of a database as the first one was when it came here."""
        ...

    async def another(self, path: Path) -> "Databases":
        """One more first one, so far like this one; in this file, if it is in a file."""
        ...


class Files:
    """On SQLite. No file is given out twice: a connection that a test left behind would take the
    next one's log away when it closes."""

    def __init__(self, first: Path) -> None:
        self._first = first
        self._made = 0

    @property
    def first(self) -> str:
        return f"sqlite+aiosqlite:///{self._first}"

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        self._made += 1
        file = self._first.with_name(f"copy{self._made}.db")
        shutil.copyfile(self._first, file)
        yield f"sqlite+aiosqlite:///{file}"
        file.unlink()

    async def another(self, path: Path) -> "Files":
        shutil.copyfile(self._first, path)
        return Files(path)


class Pristine:
    """On PostgreSQL."""

    def __init__(self, server: Postgres, database: str) -> None:
        """Nobody else may use `database` once copies were made of it."""
        self.server = server
        self._first = database
        self._free: list[str] = []
        self._put_back: sql.Composed | None = None

    @property
    def first(self) -> str:
        return self.server.url(self._first)

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        if self._put_back is None:
            self._put_back = await self._keep_rows()
        if self._free:
            name = self._free.pop()
            await self._run(name, self._put_back)
        else:
            name = await self.server.fresh(like=self._first)
        yield self.server.url(name)
        self._free.append(name)

    async def another(self, _path: Path) -> "Pristine":
        return Pristine(self.server, await self.server.fresh(like=self._first))

    async def _keep_rows(self) -> sql.Composed:
        """Lay every table's rows aside within the database; how to put them back."""
        async with await self._connect(self._first) as connection:
            tables = [row[0] for row in await (await connection.execute(_TABLES)).fetchall()]
            counters = await (await connection.execute(_SEQUENCES)).fetchall()
            await connection.execute("DROP SCHEMA IF EXISTS pristine CASCADE")
            await connection.execute("CREATE SCHEMA pristine")
            steps: list[sql.Composable] = [sql.SQL("SET session_replication_role = replica")]
            for name in tables:
                kept, table = sql.Identifier("pristine", name), sql.Identifier("public", name)
                await connection.execute(
                    sql.SQL("CREATE TABLE {} AS SELECT * FROM {}").format(kept, table)
                )
                steps.append(sql.SQL("DELETE FROM {}").format(table))
                steps.append(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(table, kept))
            for name, value, used in counters:
                counter = sql.Literal(f'"{name}"')
                steps.append(sql.SQL("SELECT setval({}, {}, {})").format(counter, value, used))
        return sql.SQL("; ").join(steps)

    async def _run(self, database: str, steps: sql.Composed) -> None:
        async with await self._connect(database) as connection:
            await connection.execute(steps)

    async def _connect(self, database: str) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        plain = self.server.url(database).replace("+psycopg", "")
        return await psycopg.AsyncConnection.connect(plain)
