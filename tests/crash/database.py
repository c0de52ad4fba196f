"""Where a region keeps its rows, and a door to them past the bot: also while it is dead."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy.engine.url import make_url

from config.settings import Settings
from tests.kit.postgres import Postgres

READ_ONLY = "-c default_transaction_read_only=on"


class Database(StrEnum):
    """Which of the two."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@asynccontextmanager
async def an_address(database: Database) -> AsyncIterator[str | None]:
    """As KORTELIJN_DATABASE_URL has it, of a database of one's own; None is the file that a
    region has by itself."""
    if database is Database.SQLITE:
        yield None
        return
    async with Postgres.temporary() as server:
        yield server.url(await server.fresh())


def rows(settings: Settings, question: str) -> list[Any]:
    """What stands there now. The question is in words that both databases know."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == Database.SQLITE:
        file = f"file:{url.database}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as there:
            return there.execute(question).fetchall()
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, options=READ_ONLY) as server:
        return server.execute(question.encode()).fetchall()
