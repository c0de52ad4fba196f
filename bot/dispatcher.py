"""Lease rows of the outbox, send them, mark them. Pages first; per destination in order."""

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import Channel, Later, Receipt, Refused
from bot.compose import Chats, Composed, Composer, chats_of
from bot.echoes import Echoes
from bot.kill_points import KillPoint, KillPoints
from bot.leader import Alone, Leader
from bot.marking import Marking
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines, quarantined
from bot.screens import Screens
from commands.delivered import refused
from commands.places import FALLBACK
from commands.sent_elsewhere import sent_elsewhere
from commands.world import World
from storage import leases, outbox
from storage.at_hand import cases_of
from storage.store import Store, Unit
from storage.tables import OutboxRow

log = structlog.get_logger(__name__)

AT_ONCE = 32
PAGES_AT_ONCE = 16  # besides those
LONGEST_WAIT_MS = 1_000
PAGES_ALONE_S = 2.0  # a page that hangs longer is no reason to leave everybody else waiting


class Dispatcher:
    """Sends what the outbox holds. Killed anywhere, a row is sent again with the same key."""

    def __init__(
        self,
        store: Store,
        world: World,
        channels: dict[str, Channel],
        kill: KillPoints,
        metrics: Metrics,
        operators: OperatorLines,
        *,
        leader: Leader | None = None,
        echoes: Echoes | None = None,
        headline_every_ms: int = 3_000,
        pages_alone_s: float = PAGES_ALONE_S,
    ) -> None:
        """`echoes` is what other instances sent, as far as we saw it."""
        self._store = store
        self._leader = leader or Alone(channels)
        self._echoes = echoes or Echoes()
        self._leads: frozenset[str] = frozenset()  # what we took over, and still have
        self._world = world
        self._channels = channels
        self._kill = kill
        self._operators = operators
        self._marking = Marking(store, world, metrics, operators)
        self._composer = Composer(world)
        self._bell = store.bell("outbox")
        self._headline_every_ms = headline_every_ms
        self._pages_alone_s = pages_alone_s
        # Destination, or one headline there → loop time until which it rests. Only a courtesy:
        # gone with the process.
        self._held: dict[str, float] = {}  # where something was put back; pages still go there
        self._held_for_all: dict[str, float] = {}  # where a page was
        self._headlines_rest: dict[str, float] = {}
        self._screens = Screens()
        # Row and attempt of what we leased when nobody told us whether the lease was committed.
        self._in_doubt: set[tuple[int, int]] = set()
        self._sending: dict[asyncio.Task[None], str] = {}  # to which channel
        self._pages_begun: dict[asyncio.Task[None], float] = {}  # on their way, since loop time
        self._resting = asyncio.Event()  # set while there is nothing to begin

    async def dispatch_for_ever(self) -> None:
        """Send until cancelled; a send that was begun is never cut off."""
        while True:
            try:
                await self._take_over()
                more = await self._claim()
            except SQLAlchemyError as trouble:
                await self._operators.storage_trouble(trouble)
                more = False
            if not more:
                await self._wait()

    async def _take_over(self) -> None:
        """Of what we lead from now on nobody else sends any more. What another instance sent and
        could not mark is marked by what we saw of it; the rest goes out again."""
        led = frozenset(self._leader.led())
        # Where we led before, and are still sending, nobody took over meanwhile.
        fresh = led - self._leads - set(self._sending.values())
        if fresh:
            async with self._store.unit() as unit:
                for echo in self._echoes.of(fresh):
                    await sent_elsewhere(unit, self._world, echo)
                again = await leases.release_leases(unit, fresh, known=self._channels)
            self._echoes.forget(fresh)
            self._screens = Screens()  # others changed them meanwhile
            if again:
                log.info("sending_again", rows=again, channels=sorted(fresh))
        self._leads = (self._leads & led) | fresh

    async def calm(self) -> None:
        """Return when nothing is being sent and nothing that may go now waits."""
        while True:
            await asyncio.sleep(0)  # whoever has just been woken is on its way
            if self._sending:
                await asyncio.wait(self._sending)
            elif not self._resting.is_set():
                await self._resting.wait()
            elif not self._bell.is_set():
                return

    async def pages_gone(self) -> None:
        """Return when no page is on its way for the first time, and none that may go now waits."""
        while True:
            await asyncio.sleep(0)
            if self._pages_begun:
                await asyncio.wait(self._pages_begun)
            elif not self._resting.is_set():
                await self._resting.wait()
            elif not self._bell.is_set():
                return

    async def finish(self, within_s: float) -> None:
        """Let running sends end; what does not is sent again by the next start."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=within_s)

    async def _wait(self) -> None:
        now = asyncio.get_running_loop().time()
        ends = (*self._held.values(), *self._headlines_rest.values(), *self._pages_alone_until())
        soonest = min((until - now for until in ends), default=1.0)
        wait_ms = max(1, min(LONGEST_WAIT_MS, int(soonest * 1000) + 1))
        self._resting.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_ms / 1000):  # `wait_for` may swallow a cancellation
                await self._bell.wait()
        self._resting.clear()
        self._bell.clear()

    async def _claim(self) -> bool:
        """Begin what may go now. True if there may be more to begin at once."""
        room = AT_ONCE - len(self._sending)
        full = room <= 0
        if full:  # bulk that waits for its turn with a messenger never keeps a page waiting
            room = AT_ONCE + PAGES_AT_ONCE - len(self._sending)
        if room <= 0:
            return False
        ready: list[tuple[OutboxRow, Composed]] = []
        doubted = frozenset(self._in_doubt)
        async with self._store.unit() as unit:
            await leases.let_go(unit, doubted)
            ours = self._leads & frozenset(await self._leader.ours(unit))
            rows = await leases.claim(
                unit,
                limit=room,
                # While pages are on their way nothing else takes the server's time.
                lanes=outbox.PAGES if full or self._pages_alone_until() else outbox.HEADLINES,
                held=_still(self._held),
                held_for_all=_still(self._held_for_all),
                held_headlines=_still(self._headlines_rest),
                elsewhere=self._channels.keys() - ours,
            )
            self._in_doubt |= {(row.id or 0, row.attempts) for row in rows}
            _at_hand = await cases_of(unit, rows)
            chats = await chats_of(unit, rows)
            for row in rows:
                composed = await self._composed(unit, row, chats)
                if isinstance(composed, Composed):
                    ready.append((row, composed))
                elif composed == "failed" and row.page_id is not None:  # on to the next person
                    await refused(unit, self._world, row, "nowhere to send it")
                else:
                    outbox.finish(unit, row, composed)
        self._in_doubt.clear()  # committed: what we hold we also begin
        if rows:
            self._kill.reach(KillPoint.CLAIMED)
        if any(row.page_id is not None for row in rows):
            self._kill.reach(KillPoint.PAGES_CLAIMED)
        for row, composed in ready:
            self._begin(row, composed)
        return len(rows) == room or len(ready) < len(rows)

    async def _composed(self, unit: Unit, row: OutboxRow, chats: Chats) -> Composed | str:
        """One row of which nothing can be made never holds up the others."""
        try:
            return await self._composer.compose(unit, row, chats)
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.exception("row_not_composed", row=row.id, error_type=type(error).__name__)
            if row.case_id is not None:  # an operator line that cannot be made calls for no other
                await self._operators.tell(unit, quarantined(unit, row))
            return "failed"

    def _begin(self, row: OutboxRow, composed: Composed) -> None:
        task = asyncio.create_task(self._send(row, composed))
        self._sending[task] = row.channel
        # One that keeps failing holds up nobody, and a gateway's time is nobody else's.
        if row.lane == outbox.PAGES and row.attempts == 1 and row.channel != FALLBACK:
            self._pages_begun[task] = asyncio.get_running_loop().time()
        task.add_done_callback(self._landed)

    def _pages_alone_until(self) -> list[float]:
        """Loop times until which the pages on their way have the server to themselves."""
        now = asyncio.get_running_loop().time()
        ends = [begun + self._pages_alone_s for begun in self._pages_begun.values()]
        return [end for end in ends if end > now]

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._sending.pop(task, None)
        self._pages_begun.pop(task, None)
        self._bell.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("send_task_failed", error_type=type(task.exception()).__name__)

    async def _send(self, row: OutboxRow, composed: Composed) -> None:
        receipt: Receipt | None = self._screens.shows(composed.delivery)
        if receipt is None:
            channel = self._channels.get(row.channel)
            if channel is None:  # taken out of the configuration while this waited
                receipt = Refused("no such messenger any more")
            else:
                receipt = await channel.send(composed.delivery)
            self._screens.note(composed.delivery, receipt)
        self._reach(row, KillPoint.SENT, KillPoint.PAGE_SENT)
        self._rest_after(row, receipt)
        while not await self._marking.marked(row, composed, receipt):
            await asyncio.sleep(LONGEST_WAIT_MS / 1000)
        self._reach(row, KillPoint.MARKED, KillPoint.PAGE_MARKED)

    def _reach(self, row: OutboxRow, any_row: KillPoint, page: KillPoint) -> None:
        self._kill.reach(any_row)
        if row.page_id is not None:
            self._kill.reach(page)

    def _rest_after(self, row: OutboxRow, receipt: Receipt) -> None:
        """Before it is marked: who was put back must not be claimed again in the same breath."""
        if isinstance(receipt, Later):
            _rest(self._held, row.destination, receipt.after_ms)
            if row.lane == outbox.PAGES:
                _rest(self._held_for_all, row.destination, receipt.after_ms)
        elif row.lane == outbox.HEADLINES:
            _rest(self._headlines_rest, leases.standing_at(row), self._headline_every_ms)


def _rest(resting: dict[str, float], destination: str, length_ms: int) -> None:
    resting[destination] = asyncio.get_running_loop().time() + length_ms / 1000


def _still(resting: dict[str, float]) -> list[str]:
    """Who still rests; the others are forgotten."""
    now = asyncio.get_running_loop().time()
    for destination in [place for place, until in resting.items() if until <= now]:
        del resting[destination]
    return list(resting)
