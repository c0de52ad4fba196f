"""The clock's hands: they claim timers that are due, and wait for the next.

One hand is for clocks, which call people. The other makes the lines that tell how it stands, and
lets pages go before it: one line then tells of all that went together.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.clock import Clock
from bot.kill_points import KillPoint, KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from commands.timers import fire
from commands.world import World
from storage import timers
from storage.at_hand import cases_of
from storage.store import Store
from storage.tables import TimerRow

log = structlog.get_logger(__name__)

LONGEST_WAIT_MS = 1_000
FEWEST_AT_ONCE, MOST_AT_ONCE = 16, 400
MOMENT_S = 0.02  # what comes in and pages wait no longer for a transaction of clocks
MOST_ATTEMPTS = 5
RETRY_MS = 5_000
PAGES_FIRST_S = 2.0  # one that hangs longer keeps nobody from knowing how it stands
# A chain without its clock would wait for ever: the operator is told, and it is tried on.
_NEVER_GIVEN_UP = ("page_", "handover_", "case_headline")


class Sweeper:
    """Fires what is due; what stood still while we were away fires once, at once."""

    def __init__(
        self,
        store: Store,
        world: World,
        clock: Clock,
        kill: KillPoints,
        metrics: Metrics,
        operators: OperatorLines,
        which: timers.Which = "all",
        pages_gone: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`pages_gone` returns when no page that can go now waits to go; they go first."""
        self._store = store
        self._world = world
        self._clock = clock
        self._kill = kill
        self._metrics = metrics
        self._operators = operators
        self._which: timers.Which = which
        self._pages_gone = pages_gone
        self._one_by_one = 0  # how many timers get a transaction of their own
        self._fit = FEWEST_AT_ONCE  # twice as many as fitted into the last moment
        self.swept = asyncio.Event()  # what stood still while we were away has fired
        self._bell = store.bell("lines" if which == "lines" else "timers")

    async def sweep_for_ever(self) -> None:
        """Fire due timers, then rest until the next one, a wake-up, or a second."""
        while True:
            try:
                due = await self._next()
                while due is not None and due <= self._store.now():
                    await self._pages_first()
                    while await self._sweep_some():
                        await self._pages_first()
                    due = await self._next()
            except SQLAlchemyError as trouble:
                await self._operators.storage_trouble(trouble)
                await asyncio.sleep(LONGEST_WAIT_MS / 1000)
                continue
            self.swept.set()
            if self._which != "lines":
                self._metrics.swept(self._clock.now())
            await self._clock.wait(due, LONGEST_WAIT_MS, self._bell)

    async def _next(self) -> int | None:
        """Looking takes nobody's turn to write."""
        async with self._store.view() as unit:
            return await timers.next_due(unit, self._which)

    async def _pages_first(self) -> None:
        if self._pages_gone is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PAGES_FIRST_S):
                    await self._pages_gone()

    async def _sweep_some(self) -> bool:
        """Fire as many as fit into a moment, in one transaction. True if there may be more.

        Which of them made the transaction fail nobody can tell: then each gets its own.
        """
        most = 1 if self._one_by_one > 0 else self._fit
        firing: TimerRow | None = None
        due: Sequence[TimerRow] = ()
        tried = 0
        try:
            async with self._store.unit() as unit:
                due = await timers.claim_due(unit, most, self._which)
                _at_hand = await cases_of(unit, due)
                until = time.monotonic() + MOMENT_S
                about: set[int | None] = set()
                for timer in due:
                    tried += 1
                    if timer.case_id in about or None in about:
                        await unit.session.refresh(timer, ["state"])  # it may be cancelled
                    about.add(timer.case_id)
                    if timer.state != "live":
                        continue
                    firing = timer
                    self._metrics.timer_late(unit.now - timer.due_at)
                    await fire(unit, self._world, timer)
                    self._kill.reach(KillPoint.DUE)
                    if time.monotonic() > until:
                        break
            if due:
                self._kill.reach(KillPoint.FIRED)
            self._one_by_one = max(0, self._one_by_one - 1)
            self._fit = min(MOST_AT_ONCE, max(FEWEST_AT_ONCE, 2 * tried))
        except OperationalError:
            raise  # nothing is wrong with these timers
        except Exception as error:
            if most > 1 and len(due) > 1:
                self._one_by_one = len(due)
                return True
            timer_id = inspect(firing).identity if firing is not None else None
            log.exception("timer_failed", timer=timer_id, error_type=type(error).__name__)
            await self._put_off(timer_id[0] if timer_id else None)
        return len(due) == most or tried < len(due)

    async def _put_off(self, timer_id: int | None) -> None:
        """One timer that fails never holds up the others; it is tried again a little later."""
        async with self._store.unit() as unit:
            timer = await unit.session.get(TimerRow, timer_id)
            if timer is None:
                return
            timer.attempts += 1
            timer.due_at = unit.now + RETRY_MS * min(timer.attempts, MOST_ATTEMPTS)
            if timer.attempts < MOST_ATTEMPTS:
                return
            if not timer.kind.startswith(_NEVER_GIVEN_UP):
                timer.state = "cancelled"
            if timer.attempts == MOST_ATTEMPTS:
                await self._operators.timer_given_up(unit, timer.kind)
