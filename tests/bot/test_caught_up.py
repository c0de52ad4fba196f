"""After a start clocks wait until every messenger has told what waited there: a yes comes before
the clock that it stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from bot.channels.base import Batch, Messenger
from bot.clock import WallClock
from bot.inbox import Inbox
from bot.kill_points import KillPoints
from bot.leader import Alone
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

HANG_S = 20.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk


class Silent:
    """A messenger where nothing waited; it says so when it may."""

    def __init__(self, name: str, *, one_receiver: bool) -> None:
        self.name = name
        self.one_receiver = one_receiver
        self.may = asyncio.Event()
        self.told = asyncio.Event()

    async def receive(self, cursor: str | None) -> Batch:
        if cursor is not None:
            self.told.set()
            await asyncio.Event().wait()
        await self.may.wait()
        return Batch((), "1")


@asynccontextmanager
async def starting(desk: Desk, leader: Alone, *messengers: Silent) -> AsyncIterator[Inbox]:
    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)

    async def sent() -> None: ...

    receiving = Inbox(
        desk.store, desk.world, WallClock(), KillPoints(), metrics, operators, sent, leader
    )
    channels = [cast(Messenger, each) for each in messengers]
    receiving.expect(channels)
    loops = [receiving.work_for_ever(), *map(receiving.receive_for_ever, channels)]
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        async with asyncio.timeout(HANG_S):
            yield receiving
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_messenger_is_not_enough_where_there_are_two(desk: Desk) -> None:
    matrix = Silent("matrix", one_receiver=False)
    telegram = Silent("telegram", one_receiver=True)
    async with starting(desk, Alone(), matrix, telegram) as inbox:
        telegram.may.set()
        await telegram.told.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        assert not inbox.caught_up.is_set(), "what waits at Matrix is not known yet"
        matrix.may.set()
        await inbox.caught_up.wait()


async def test_who_stands_by_does_not_wait_for_what_only_the_leader_hears(desk: Desk) -> None:
    matrix = Silent("matrix", one_receiver=False)
    telegram = Silent("telegram", one_receiver=True)
    async with starting(desk, Alone(["fallback"]), matrix, telegram) as inbox:
        matrix.may.set()
        await inbox.caught_up.wait()
