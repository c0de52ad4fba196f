"""Every question is asked of both databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.commands.harness import Desk
from tests.commands.morning import on_postgres, open_desk
from tests.kit.postgres import Postgres


@pytest.fixture(autouse=True, params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[str]:
    """Where the desk of this test stands."""
    kind = str(request.param)
    if kind == "sqlite":
        yield kind
        return
    with on_postgres(postgres):
        yield kind


@pytest.fixture
async def desk(tmp_path: Path, database: str) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon with everybody enrolled."""
    async with open_desk(tmp_path) as desk:
        yield desk
