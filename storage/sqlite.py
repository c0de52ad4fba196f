"""SQLite without a thread between: every call is made where it is asked.

aiosqlite gives each call to a thread of its own, some 190 times for one message and its
answer, and that was most of the time that they took (measured: docs/figures.md). Our
transactions are short and one writes at a time, so nothing is gained by it. What can last,
another process that holds the write lock, is waited for without holding up the program.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from time import monotonic
from typing import Any, Self

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY)
BUSY_S = 5.0
LOOK_AGAIN_S = 0.02


class DirectCursor:
    """A cursor as SQLAlchemy's dialect for aiosqlite expects it."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    @property
    def arraysize(self) -> int:
        return self._cursor.arraysize

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._cursor.arraysize = value

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        waited_from = monotonic()
        while True:
            try:
                self._cursor.execute(operation, parameters)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in BUSY or monotonic() - waited_from > BUSY_S:
                    raise
                await asyncio.sleep(LOOK_AGAIN_S)
            else:
                return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Self:
        self._cursor.executemany(operation, parameters)
        return self

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._cursor.fetchmany(size or self._cursor.arraysize)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class DirectConnection:
    """A connection as SQLAlchemy's dialect for aiosqlite expects it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def cursor(self) -> DirectCursor:
        return DirectCursor(self._connection.cursor())

    async def commit(self) -> None:
        self._connection.commit()

    async def rollback(self) -> None:
        self._connection.rollback()

    async def create_function(self, *arguments: Any, **named: Any) -> None:
        self._connection.create_function(*arguments, **named)

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        """For a connection that is not given back in good order."""
        self._connection.close()


def opener(path: str | None) -> Callable[[], Awaitable[DirectConnection]]:
    """Opens connections to this file, none: in memory. For `create_async_engine`."""

    async def open_one() -> DirectConnection:
        # no waiting inside, and transactions are begun by us
        return DirectConnection(sqlite3.connect(path or ":memory:", 0, isolation_level=None))

    return open_one
