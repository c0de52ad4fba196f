"""Bring a database to the schema of this code, or refuse one that is newer."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine


class NewerSchema(Exception):
    """The database was written by a newer program; running on it could lose data."""


async def migrate(engine: AsyncEngine) -> None:
    """Apply what is missing. Raises `NewerSchema` and changes nothing if we are too old."""
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)


def _migrate(connection: Connection) -> None:
    config = _config(connection)
    script = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == script.get_current_head():
        return
    if present is not None:
        try:
            script.get_revision(present)
        except CommandError:
            raise NewerSchema(
                f"the database has schema {present}, which this code is too old for"
            ) from None
    command.upgrade(config, "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def new_revision(connection: Connection, number: str, message: str) -> None:
    """Write the migration from the schema of this connection to the tables (developers)."""
    command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)
