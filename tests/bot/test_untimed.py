"""A press that bears no time, and waited at the messenger while we were away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from sqlmodel import select

from bot.channels.base import Batch, Messenger, Update
from bot.clock import Clock
from bot.inbox import Inbox
from bot.kill_points import KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from commands.rules.moments import MINUTE
from storage import inbox
from storage.tables import InboxRow
from tests.bot.scripted import until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk


class Waiting:
    """A messenger with this to tell, and then nothing."""

    name = "telegram"
    one_receiver = True

    def __init__(self, news: Sequence[Update]) -> None:
        self._news = tuple(news)

    async def receive(self, cursor: str | None) -> Batch:
        news, self._news = self._news, ()
        if not news:
            await asyncio.Event().wait()
        return Batch(news, "2")


class DeskClock:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def now(self) -> int:
        return self._desk.now

    def from_wall(self, at: int) -> int:
        return at


async def kept(desk: Desk, news: Update) -> int:
    """The time under which this is kept, by a program that has just started."""
    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)
    clock = cast(Clock, DeskClock(desk))

    async def sent() -> None: ...

    receiving = Inbox(desk.store, desk.world, clock, KillPoints(), metrics, operators, sent)
    loop = asyncio.create_task(receiving.receive_for_ever(cast(Messenger, Waiting([news]))))
    try:
        await until(lambda: _has(desk))
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
    async with desk.store.view() as unit:
        row = (await unit.session.exec(select(InboxRow))).one()
        return int(inbox.opened(unit, row)["at"])


async def _has(desk: Desk) -> bool:
    async with desk.store.view() as unit:
        return (await unit.session.exec(select(InboxRow.id))).first() is not None


def press(desk: Desk, *, timed: bool) -> Update:
    return Update("1", "tap", "5001", "5001", desk.now, text="1.abc", about="5001:7", timed=timed)


async def test_it_counts_as_old_as_our_absence(desk: Desk) -> None:
    """Then a confirmation that may be long past is asked again, and never simply sent."""
    async with desk.store.unit() as unit:
        await inbox.keep(unit, "telegram", [], "1")
    heard_until = desk.now
    desk.time[0] += 20 * MINUTE
    assert await kept(desk, press(desk, timed=False)) == heard_until


async def test_one_with_a_time_of_its_own_keeps_that(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        await inbox.keep(unit, "telegram", [], "1")
    desk.time[0] += 20 * MINUTE
    assert await kept(desk, press(desk, timed=True)) == desk.now


async def test_at_the_very_first_start_it_is_new(desk: Desk) -> None:
    assert await kept(desk, press(desk, timed=False)) == desk.now
