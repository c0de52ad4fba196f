"""Every command does the same on both databases."""

from collections.abc import Iterator

import pytest

from tests.commands.morning import on_postgres
from tests.kit.postgres import Postgres


@pytest.fixture(autouse=True, params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[str]:
    """Where the desks of this test stand."""
    kind = str(request.param)
    if kind == "sqlite":
        yield kind
        return
    with on_postgres(postgres):
        yield kind
