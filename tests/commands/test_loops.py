"""The loops of the bot: one row that cannot be dealt with never holds up the others."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.channels.base import Accepted, Channel, Delivery, Receipt
from bot.dispatcher import Dispatcher
from bot.kill_points import KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from bot.sweeper import MOST_ATTEMPTS, Sweeper
from storage import outbox
from storage.tables import Identity, OutboxRow, Page, Person, TimerRow
from storage.timers import set_timer
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon."""
    async with open_desk(tmp_path) as desk:
        yield desk


class Mailbox:
    """A messenger that takes everything."""

    name = "matrix"
    one_receiver = False

    def __init__(self) -> None:
        self.sent: list[Delivery] = []

    async def send(self, delivery: Delivery) -> Receipt:
        self.sent.append(delivery)
        return Accepted((f"$sent-{len(self.sent)}",) * 9)


class QuickClock:
    """The desk's time; nobody waits long for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def now(self) -> int:
        return self._desk.now

    def from_wall(self, at: int) -> int:
        return at

    async def wait(self, _until: int | None, _longest_ms: int, bell: asyncio.Event) -> None:
        bell.clear()
        await asyncio.sleep(0.002)


async def until_done(loop: Coroutine[Any, Any, None], done: Any) -> None:
    """Run a loop until something is true; it must not end by itself."""
    with capture_logs():  # drawing a traceback for a console takes seconds
        task = asyncio.create_task(loop)
        while not await done():
            assert not task.done(), f"the loop ended: {task.exception()!r}"
            await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def dispatcher(desk: Desk, mailbox: Mailbox) -> Dispatcher:
    """The real one, with this messenger."""
    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)
    return Dispatcher(
        desk.store, desk.world, {"matrix": cast(Channel, mailbox)}, KillPoints(), metrics, operators
    )


async def test_a_row_that_cannot_be_made_into_words_holds_up_nothing(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        for key in ("no.such.key", "help.how"):
            outbox.queue(
                unit,
                channel="matrix",
                destination="person:1:matrix",
                kind="say",
                payload={"message": {"key": key, "params": {}, "lines": []}, "actions": []},
            )

    async def done() -> bool:
        async with desk.store.view() as unit:
            return await outbox.count_waiting(unit) == 0

    post = Mailbox()
    sending = dispatcher(desk, post)
    await until_done(sending.dispatch_for_ever(), done)
    await sending.finish(5.0)
    assert len(post.sent) == 1


async def test_a_page_to_somebody_without_a_room_goes_to_the_next_at_once(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum letsel past niet bij uitleg")
    async with desk.store.unit() as unit:
        of = select(Identity).join(Person).where(Person.key == "om_ovj1")
        (await unit.session.exec(of)).one().direct_room = None
    vt = desk["vt_fo"]
    desk.settle = _nothing  # type: ignore[method-assign]
    await vt.taps("1️⃣")

    async def done() -> bool:
        async with desk.store.view() as unit:
            called = select(Person.key).join(Page).where(Page.state == "called")
            return "om_ovj2" in set(await unit.session.exec(called))

    sending = dispatcher(desk, Mailbox())
    await until_done(sending.dispatch_for_ever(), done)
    await sending.finish(5.0)


async def _nothing() -> None:
    """What was queued stays queued."""


@pytest.mark.parametrize(("kind", "state"), [("page_take", "live"), ("welcome_x", "cancelled")])
async def test_a_timer_that_fails_stalls_no_other_and_a_page_is_never_given_up(
    desk: Desk, kind: str, state: str
) -> None:
    """It is about nothing that can be read."""
    async with desk.store.unit() as unit:
        set_timer(unit, kind, "chain:?", desk.now - 2)
        set_timer(unit, "test_page", "person:1:matrix", desk.now - 1)
    metrics = Metrics()
    sweeper = Sweeper(
        desk.store,
        desk.world,
        QuickClock(desk),
        KillPoints(),
        metrics,
        OperatorLines(desk.store, metrics),
    )

    async def done() -> bool:
        async with desk.store.view() as unit:
            rows = {row.kind: row for row in await unit.session.exec(select(TimerRow))}
            desk.time[0] = max(desk.now, rows[kind].due_at)
            tested = rows["test_page"].state == "done"
            return tested and rows[kind].attempts >= MOST_ATTEMPTS

    await until_done(sweeper.sweep_for_ever(), done)
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(TimerRow).where(TimerRow.kind == kind))
        assert found.one().state == state
        told = await unit.session.exec(select(OutboxRow).where(OutboxRow.state == "pending"))
        assert len(told.all()) == 2, "the test page, and one line for the operator"
