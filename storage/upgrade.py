"""The steps from one schema to the next, carried out by alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection


def upgrade(connection: Connection) -> None:
    """Apply every step that is missing, in the transaction of this connection."""
    command.upgrade(_config(connection), "head")


def new_revision(connection: Connection, number: str, message: str) -> None:
    """Write the migration from the schema of this connection to the tables (developers)."""
    command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
