"""Whenever a move is killed, a bot can start on one database at most, and the next move goes on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.moving.marks import Mark, standing_or_mark
from storage.moving.move import AlreadyMoved, NotEmpty, move
from storage.schema import NewerSchema, migrate, standing
from storage.store import Store
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.kit import warm_start
from tests.kit.postgres import Postgres
from tests.kit.warm_start import Process
from tests.program.program import ROOT
from tests.storage.moving_scene import empty, everything, is_bare, url_of, use

HANG_S = 60.0
LOOK_EVERY_S = 0.02
_WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE NOT granted AND datname = current_database()"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        await use(desk)
        yield desk


@pytest.fixture
async def target(desk: Desk, postgres: Postgres) -> AsyncIterator[Store]:
    async with empty(desk, postgres) as store:
        yield store


async def test_between_two_tables_nothing_has_happened(desk: Desk, target: Store) -> None:
    before = await everything(desk.store)
    await migrate(target.engine)
    async with target.engine.begin() as other:
        await other.exec_driver_sql("LOCK TABLE timer IN SHARE ROW EXCLUSIVE MODE")
        process = await _start(desk, target, "nowhere")
        async with asyncio.timeout(HANG_S):
            while not (await other.exec_driver_sql(_WAITING)).scalar():
                await asyncio.sleep(LOOK_EVERY_S)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    async with asyncio.timeout(HANG_S):
        while not await is_bare(target):
            await asyncio.sleep(LOOK_EVERY_S)
    assert await standing(desk.store.engine) == "current"
    assert await everything(desk.store) == before
    assert await move(desk.store, target), "and it can be done again"


async def test_after_the_copy_the_old_one_is_still_the_one(
    desk: Desk, target: Store, postgres: Postgres
) -> None:
    assert await _killed(desk, target, "copied")
    assert await standing(desk.store.engine) == "current"
    found = await standing_or_mark(target)
    assert isinstance(found, Mark)
    assert found.kind == "moving"
    with pytest.raises(NewerSchema):
        await migrate(target.engine)
    with pytest.raises(NotEmpty):
        await move(desk.store, target)
    async with empty(desk, postgres) as other:
        assert await move(desk.store, other)


async def test_after_both_are_marked_only_the_last_step_is_left(
    desk: Desk, target: Store, postgres: Postgres
) -> None:
    before = await everything(desk.store)
    assert await _killed(desk, target, "marked")
    for store in (desk.store, target):
        with pytest.raises(NewerSchema):
            await migrate(store.engine)
    async with empty(desk, postgres) as other:
        with pytest.raises(AlreadyMoved):  # what it was moved to is elsewhere
            await move(desk.store, other)
        assert await is_bare(other)
    assert await move(desk.store, target) is None
    assert await standing(target.engine) == "current"
    assert await everything(target) == before
    with pytest.raises(NewerSchema):
        await migrate(desk.store.engine)


async def test_the_copy_of_another_move_is_not_taken_for_ours(
    desk: Desk, target: Store, postgres: Postgres, tmp_path: Path
) -> None:
    assert await _killed(desk, target, "marked")
    async with open_desk(tmp_path / "other") as neighbour, empty(desk, postgres) as other:
        assert await _killed(neighbour, other, "copied")
        with pytest.raises(AlreadyMoved):
            await move(desk.store, other)
        found = await standing_or_mark(other)
        assert isinstance(found, Mark)


async def _killed(desk: Desk, target: Store, where: str) -> bool:
    process = await _start(desk, target, where)
    async with asyncio.timeout(HANG_S):
        return await process.wait() == -signal.SIGKILL


async def _start(desk: Desk, target: Store, where: str) -> Process:
    await desk.store.engine.dispose()
    urls = (url_of(desk), target.engine.url.render_as_string(hide_password=False))
    return await warm_start.start(
        *("tests.storage.killed_move", *urls, where), folder=ROOT, environment=dict(os.environ)
    )
