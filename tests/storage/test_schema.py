"""The migrations make exactly the tables that the code knows."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

import storage.tables  # fills the metadata
from storage.engine import open_engine
from storage.schema import REVISIONS, migrate, standing


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


async def test_migrating_leaves_nothing_to_change(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3")
    try:
        assert await standing(engine) == "empty"
        await migrate(engine)
        assert await standing(engine) == "current"
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await engine.dispose()
