"""Bring a database to the schema of this code, or refuse one that is newer."""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import READ_ONLY

Standing = Literal["empty", "older", "current"]


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
    if await connection.run_sync(_standing) != "current":
        await connection.run_sync(lambda plain: command.upgrade(_config(plain), "head"))


async def standing(engine: AsyncEngine) -> Standing:
    """What `migrate` would find; changes nothing. Raises `NewerSchema`."""
    async with engine.connect() as plain:
        connection = await plain.execution_options(**READ_ONLY)
        return await connection.run_sync(_standing)


def _standing(connection: Connection) -> Standing:
    script = ScriptDirectory.from_config(_config(connection))
    present = MigrationContext.configure(connection).get_current_revision()
    if present is None:
        return "empty"
    if present == script.get_current_head():
        return "current"
    try:
        script.get_revision(present)
    except CommandError:
        raise NewerSchema(present) from None
    return "older"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def new_revision(connection: Connection, number: str, message: str) -> None:
    """Write the migration from the schema of this connection to the tables (developers)."""
    command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)
