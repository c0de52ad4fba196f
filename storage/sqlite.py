"""SQLite without a thread between: statements run where they are asked, waiting does not.

aiosqlite gives every call to a thread of its own, some 190 times for one message and its
answer, and that was most of the time that they took (measured; docs/figures.md). Here only
what can really wait goes to a thread: taking the write lock and the disk at a commit.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Self, TypeVar

T = TypeVar("T")


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
        if operation == "BEGIN IMMEDIATE":  # another process may hold the lock
            await _apart(lambda: self._cursor.execute(operation))
        else:
            self._cursor.execute(operation, parameters)
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
        if self._connection.in_transaction:
            await _apart(self._connection.commit)

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
        # we begin transactions ourselves, and never use one connection twice at a time
        return DirectConnection(
            sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        )

    return open_one


async def _apart(work: Callable[[], T]) -> T:
    """Do it in a thread. Who is cancelled waits for its end all the same: nothing else may
    happen on the connection before."""
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise
