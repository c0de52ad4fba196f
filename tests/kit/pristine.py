"""Databases that begin every test as the same one did, without being made anew.

A copy of a whole database takes PostgreSQL most of a second on a busy machine; putting back the
rows of one that exists takes some hundredths.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import sql

from tests.kit.postgres import Postgres

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_SEQUENCES = (
    "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL"
    " FROM pg_sequences WHERE schemaname = 'public'"
)


class Pristine:
    """Copies of one database, given out and put back."""

    def __init__(self, server: Postgres, database: str) -> None:
        """Nobody else may use `database` from now on."""
        self.server = server
        self._first = database
        self._free: list[str] = []
        self._put_back: sql.Composed | None = None

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        """The name of a database as the first one was when it came here."""
        if self._put_back is None:
            self._put_back = await self._keep_rows()
        if self._free:
            name = self._free.pop()
            await self._run(name, self._put_back)
        else:
            name = await self.server.fresh(like=self._first)
        yield name
        self._free.append(name)  # not after an error: who knows what still runs on it

    async def _keep_rows(self) -> sql.Composed:
        """Lay every table's rows aside within the database; how to put them back."""
        async with await self._connect(self._first) as connection:
            tables = [row[0] for row in await (await connection.execute(_TABLES)).fetchall()]
            counters = await (await connection.execute(_SEQUENCES)).fetchall()
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
