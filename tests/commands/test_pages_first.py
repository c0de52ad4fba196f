"""Pages leave before anything else takes the time of the program or of the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels.base import Delivery, Receipt, Say
from bot.kill_points import KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from bot.sweeper import Sweeper
from commands.headline import refresh
from storage import outbox
from storage.tables import Case, OutboxRow, Page, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.test_loops import Mailbox, QuickClock, dispatcher, until_done

HEADLINE = select(TimerRow.state).where(TimerRow.kind == "case_headline")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An alarm was confirmed just now; nothing has left yet."""
    async with open_desk(tmp_path) as desk:
        await desk["vt_fo"].says("alarm skm spoed Centrum letsel past niet bij uitleg")
        desk.settle = _nothing  # type: ignore[method-assign]
        await desk["vt_fo"].taps("1️⃣")
        yield desk


class Slow(Mailbox):
    """Keeps everything until it may be accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()
        self.may = asyncio.Event()

    async def send(self, delivery: Delivery) -> Receipt:
        if isinstance(delivery, Say) and delivery.urgent:
            self.came.set()
        await self.may.wait()
        return await super().send(delivery)


async def test_pages_have_gone_when_the_last_is_accepted_and_noted(desk: Desk) -> None:
    post = Slow()
    sending = dispatcher(desk, post)
    loop = asyncio.create_task(sending.dispatch_for_ever())
    await post.came.wait()
    gone = asyncio.create_task(sending.pages_gone())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not gone.done()
    post.may.set()
    await gone
    async with desk.store.view() as unit:
        states = set(await unit.session.exec(select(Page.state)))
        assert states == {"called"}
        assert (await unit.session.exec(HEADLINE)).one() == "live", "it tells of all in one go"
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop
    await sending.finish(5.0)


async def test_clocks_do_not_wait_long_for_pages_that_hang(desk: Desk) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)
    clock = QuickClock(desk)
    sweeper = Sweeper(
        desk.store, desk.world, clock, KillPoints(), metrics, operators, "lines", never
    )

    async def done() -> bool:
        async with desk.store.view() as unit:
            return (await unit.session.exec(HEADLINE)).one() == "done"

    await until_done(sweeper.sweep_for_ever(), done)


async def test_clocks_that_are_due_let_pages_go_first(desk: Desk) -> None:
    found: list[str] = []

    async def pages_gone() -> None:
        async with desk.store.view() as unit:
            found.append((await unit.session.exec(HEADLINE)).one())

    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)
    clock = QuickClock(desk)
    sweeper = Sweeper(
        desk.store, desk.world, clock, KillPoints(), metrics, operators, "lines", pages_gone
    )

    async def done() -> bool:
        async with desk.store.view() as unit:
            return (await unit.session.exec(HEADLINE)).one() == "done"

    await until_done(sweeper.sweep_for_ever(), done)
    assert found[:1] == ["live"], "asked before the first headline was made"


async def _nothing() -> None:
    """What was queued stays queued."""


@pytest.mark.parametrize(
    ("minutes", "lane"), [(0.0, outbox.ANSWERS), (3.0, outbox.HEADLINES)], ids=["just", "later"]
)
async def test_who_has_just_raised_an_alarm_is_answered_before_any_headline(
    desk: Desk, minutes: float, lane: int
) -> None:
    desk.time[0] += round(minutes * 60_000)
    async with desk.store.unit() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
        await refresh(unit, desk.world, case)
        slot = f"alarm:{case.id}"
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(OutboxRow.lane).where(OutboxRow.slot == slot))
        assert list(found)[-1] == lane
