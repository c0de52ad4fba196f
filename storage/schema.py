"""Bring a database to the schema of this code, or refuse one that is newer."""

from pathlib import Path
from typing import Literal

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import reading

Standing = Literal["empty", "older", "current"]

# The history is one line: each file is named after its revision and follows the one before.
REVISIONS = tuple(
    sorted(
        file.name.partition("_")[0] for file in Path(__file__).parent.glob("migrations/versions/0*")
    )
)


class NewerSchema(Exception):
    """The database was written by a newer program; running on it could lose data."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database has schema {revision}, which this code is too old for")
        self.revision = revision


async def migrate(engine: AsyncEngine) -> None:
    """Apply what is missing. Raises `NewerSchema` and changes nothing if we are too old."""
    async with engine.begin() as connection:
        await migrate_within(connection)


async def migrate_within(connection: AsyncConnection) -> None:
    """The same in the transaction of somebody who may still think better of it."""
    if connection.dialect.name == "postgresql":  # two instances may start in the same moment
        await connection.execute(_ALONE)
    if await connection.run_sync(_standing) != "current":
        from storage.upgrade import upgrade  # 10 MB of memory that hardly any start needs

        await connection.run_sync(upgrade)


_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('kortelijn schema', 0))")


async def standing(engine: AsyncEngine) -> Standing:
    """What `migrate` would find; changes nothing. Raises `NewerSchema`."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(**reading(engine))
        return await connection.run_sync(_standing)


def _standing(connection: Connection) -> Standing:
    if not inspect(connection).has_table("alembic_version"):
        return "empty"
    present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if present is None:
        return "empty"
    if present not in REVISIONS:
        raise NewerSchema(present)
    return "current" if present == REVISIONS[-1] else "older"
