"""SQLite without a thread between: every call is made where it is asked.

aiosqlite gives each call to a thread of its own, some 190 times for one message and its
answer, and that was most of the time that they took (measured: docs/figures.md). Our
transactions are short and one writes at a time, so nothing is gained by it. What can last,
another process that holds the write lock, is waited for without holding up the program.
"""

import asyncio
import sqlite3
from time import monotonic
from typing import Any, Self

from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.util import await_only

DRIVER = "sqlite+direct"
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY)
BUSY_S = 5.0
LOOK_AGAIN_S = 0.02


class DirectCursor(sqlite3.Cursor):
    """Waits for the write lock beside the program."""

    def execute(self, operation: str, parameters: Any = ()) -> Self:
        waited_from = monotonic()
        while True:
            try:
                return super().execute(operation, parameters)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in BUSY or monotonic() - waited_from > BUSY_S:
                    raise
            await_only(asyncio.sleep(LOOK_AGAIN_S))

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks every cursor of an asynchronous driver for it."""


class DirectConnection(sqlite3.Connection):
    """Transactions are begun by us, and no call waits inside SQLite."""

    def __init__(self, database: str, **options: Any) -> None:
        super().__init__(database, **(options | {"timeout": 0, "isolation_level": None}))

    def cursor(self, factory: Any = DirectCursor) -> Any:
        return super().cursor(factory)

    def terminate(self) -> None:
        """For a connection that is not given back in good order."""
        self.close()


class DirectContext(SQLiteExecutionContext):
    """Rows are there at once, so one cursor serves both ways of reading."""

    def create_server_side_cursor(self) -> Any:
        return self._dbapi_connection.cursor()


class DirectDialect(SQLiteDialect_pysqlite):
    """For SQLAlchemy it is asynchronous: it is only called from where it may wait."""

    driver = "direct"
    is_async = True
    has_terminate = True
    supports_statement_cache = True
    supports_server_side_cursors = True
    execution_ctx_cls = DirectContext

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        return pool.AsyncAdaptedQueuePool if cls._is_url_file_db(url) else pool.StaticPool

    def create_connect_args(self, url: URL) -> Any:
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": DirectConnection}

    def get_driver_connection(self, connection: Any) -> Any:
        return connection

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.terminate()


registry.register("sqlite.direct", __name__, "DirectDialect")
