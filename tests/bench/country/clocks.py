"""How late clocks are: from the instant a timer was due to the commit of its firing.

The program's own sweeper with its own database, in this process and nothing beside it. What fires
is `draft_reminder` of a draft that has become a case since: one look at the case and no more, the
cheapest kind there is. And, to understand that, real escalations: the next person is called.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel import col, select

from bot.app import world_of
from bot.clock import WallClock
from bot.kill_points import KillPoint, KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from bot.sweeper import Sweeper
from storage.checkpoint import checkpoint_for_ever
from storage.store import Store, Unit
from storage.tables import Chain, TimerRow
from storage.timers import set_timer
from tests.bench.country.ground import NEXT, Ground
from tests.bench.figure import Samples

KIND = "draft_reminder"
ESCALATION = "page_take"
HALF_A_DAY_MS = 43_200_000  # no clock that was set meanwhile is so long
SOON_MS = 1_500
WITHIN_S = 120.0


class Reading(WallClock):
    """Knows what it said last: the beginning of the transaction that runs."""

    said = 0

    def now(self) -> int:
        self.said = super().now()
        return self.said


class Lateness(Metrics, KillPoints):
    """Hears of each timer that fires, and when its transaction was committed."""

    def __init__(self, clock: Reading) -> None:
        Metrics.__init__(self)
        KillPoints.__init__(self)
        self._clock = clock
        self._fired: list[int] = []  # due at, not yet committed
        self.taken: list[float] = []

    def timer_late(self, late_ms: int) -> None:
        self._fired.append(self._clock.said - late_ms)

    def reach(self, point: KillPoint) -> None:
        if point is KillPoint.FIRED:
            now = time.time() * 1000
            self.taken += [now - due for due in self._fired]
            self._fired.clear()


async def cheap(ground: Ground, url: str, timers: int, apart_ms: float) -> Samples:
    """So many cheap timers, so far apart (0: at once), while all others lie in the future."""
    async with _sweeping(ground, url) as (store, lateness):
        async with store.unit() as unit:
            for number in range(timers):
                due_at = unit.now + SOON_MS + round(number * apart_ms)
                case_id = number % ground.cases + 1
                set_timer(unit, KIND, f"alarm:{case_id}", due_at, case_id=case_id)
        return await _all(lateness, timers)


async def escalate(ground: Ground, url: str, pages: int, apart_ms: float) -> Samples:
    """So many chains of as many cases call the next person, so far apart."""
    async with _sweeping(ground, url) as (store, lateness):
        async with store.unit() as unit:
            await set_off(unit, pages, unit.now + SOON_MS, apart_ms)
            unit.wake("timers")
        return await _all(lateness, pages)


async def set_off(unit: Unit, pages: int, first_at: int, apart_ms: float) -> None:
    """Have that many pages of the filled cases come due, each of another case."""
    far = select(TimerRow).where(
        TimerRow.state == "live",
        TimerRow.kind == ESCALATION,
        TimerRow.due_at > unit.now + HALF_A_DAY_MS,
    )
    found = (await unit.session.exec(far.order_by(col(TimerRow.due_at)).limit(3 * pages + 3))).all()
    cases: dict[int | None, TimerRow] = {}
    for timer in found:
        cases.setdefault(timer.case_id, timer)
    timers = list(cases.values())[:pages]
    assert len(timers) == pages, f"only {len(timers)} cases can escalate"
    for number, timer in enumerate(timers):
        timer.due_at = first_at + round(number * apart_ms)
        chain = await unit.session.get_one(Chain, int(timer.subject.partition(":")[2]))
        chain.candidates = f'[["{NEXT}", "contact_point"]]'


@asynccontextmanager
async def _sweeping(ground: Ground, url: str) -> AsyncIterator[tuple[Store, Lateness]]:
    clock = Reading()
    lateness = Lateness(clock)
    world = world_of(ground.configuration)
    async with ground.store(url, clock) as store:
        operators = OperatorLines(store, lateness)
        sweeper = Sweeper(store, world, WallClock(), lateness, lateness, operators)
        loops = (sweeper.sweep_for_ever(), checkpoint_for_ever(store.engine))
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield store, lateness
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _all(lateness: Lateness, timers: int) -> Samples:
    async with asyncio.timeout(WITHIN_S):
        while len(lateness.taken) < timers:
            await asyncio.sleep(0.05)
    return Samples(tuple(lateness.taken[:timers]))
