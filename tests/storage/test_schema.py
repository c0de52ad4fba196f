"""The migrations make exactly the tables that the code knows, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

import storage.tables  # fills the metadata
from storage.engine import open_engine
from storage.schema import REVISIONS, NewerSchema, migrate, standing
from storage.upgrade import _config
from tests.kit.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(
    request: pytest.FixtureRequest, postgres: Postgres, tmp_path: Path
) -> AsyncIterator[AsyncEngine]:
    """An empty database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3"
    if request.param == "postgresql":
        url = postgres.url(await postgres.fresh())
    engine = open_engine(url)
    yield engine
    await engine.dispose()


def differences(connection: Connection) -> list[object]:
    """What alembic would still change."""
    return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))


def test_the_steps_are_known_without_alembic() -> None:
    """Starting on a current database does not load it."""
    folder = Path(storage.tables.__file__).parents[1] / "migrations"
    script = ScriptDirectory(str(folder))
    steps = [each.revision for each in script.walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS
    assert script.get_current_head() == REVISIONS[-1]


async def test_migrating_leaves_nothing_to_change(engine: AsyncEngine) -> None:
    assert await standing(engine) == "empty"
    await migrate(engine)
    assert await standing(engine) == "current"
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_step_can_be_the_first_that_is_missing(engine: AsyncEngine) -> None:
    for revision in REVISIONS[:-1]:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade_to, revision)
        assert await standing(engine) == "older"
    await migrate(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_old_code_refuses_a_newer_schema_and_changes_nothing(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.run_sync(_as_newer_code_would)
        before = str(await connection.run_sync(differences))
    for look in (migrate, standing):
        with pytest.raises(NewerSchema, match="9999") as refused:
            await look(engine)
        assert refused.value.revision == "9999"
    async with engine.connect() as connection:
        assert str(await connection.run_sync(differences)) == before


def _as_newer_code_would(connection: Connection) -> None:
    connection.exec_driver_sql("DROP TABLE vote")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def _upgrade_to(connection: Connection, revision: str) -> None:
    command.upgrade(_config(connection), revision)
