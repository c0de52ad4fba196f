"""Lease rows of the outbox, send them, mark them. Pages first; per destination in order."""

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.channels.base import Accepted, Channel, Later, Receipt, Refused
from bot.compose import Chats, Composed, Composer, chats_of
from bot.kill_points import KillPoint, KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from commands.delivered import accepted, refused
from commands.messages import At, Message, message
from commands.world import World
from storage import outbox
from storage.store import Store, Unit
from storage.tables import OutboxRow

log = structlog.get_logger(__name__)

AT_ONCE = 16
LONGEST_WAIT_MS = 1_000


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
        headline_every_ms: int = 3_000,
    ) -> None:
        self._store = store
        self._world = world
        self._channels = channels
        self._kill = kill
        self._metrics = metrics
        self._operators = operators
        self._composer = Composer(world)
        self._bell = store.bell("outbox")
        self._headline_every_ms = headline_every_ms
        # Destination, or one headline there → loop time until which it rests. Only a courtesy:
        # gone with the process.
        self._held: dict[str, float] = {}
        self._headlines_rest: dict[str, float] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._pages_in_flight = 0
        self._resting = asyncio.Event()  # set while there is nothing to begin

    async def dispatch_for_ever(self) -> None:
        """Send until cancelled; a send that was begun is never cut off."""
        async with self._store.unit() as unit:
            again = await outbox.release_leases(unit)
        if again:
            log.info("sending_again_after_restart", rows=again)
        while True:
            try:
                more = await self._claim()
            except SQLAlchemyError as trouble:
                await self._operators.storage_trouble(trouble)
                more = False
            if not more:
                await self._wait()

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

    async def finish(self, within_s: float) -> None:
        """Let running sends end; what does not is sent again by the next start."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=within_s)

    async def _wait(self) -> None:
        now = asyncio.get_running_loop().time()
        ends = (*self._held.values(), *self._headlines_rest.values())
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
        if room <= 0:
            return False
        ready: list[tuple[OutboxRow, Composed]] = []
        async with self._store.unit() as unit:
            rows = await outbox.claim(
                unit,
                limit=room,
                # While pages are on their way nothing else takes the server's time.
                lanes=outbox.PAGES if self._pages_in_flight else outbox.HEADLINES,
                held=_still(self._held),
                held_headlines=_still(self._headlines_rest),
            )
            _at_hand = await outbox.cases_of(unit, rows)  # held, so that each is read once
            chats = await chats_of(unit, rows)
            for row in rows:
                composed = await self._composed(unit, row, chats)
                if isinstance(composed, Composed):
                    ready.append((row, composed))
                elif composed == "failed" and row.page_id is not None:  # on to the next person
                    await refused(unit, self._world, row, "nowhere to send it")
                else:
                    outbox.finish(unit, row, composed)
        if rows:
            self._kill.reach(KillPoint.CLAIMED)
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
                await self._operators.tell(unit, _quarantined(unit, row))
            return "failed"

    def _begin(self, row: OutboxRow, composed: Composed) -> None:
        task = asyncio.create_task(self._send(row, composed))
        self._sending.add(task)
        if row.lane == outbox.PAGES:
            self._pages_in_flight += 1
            task.add_done_callback(self._page_landed)
        task.add_done_callback(self._landed)

    def _page_landed(self, _task: asyncio.Task[None]) -> None:
        self._pages_in_flight -= 1

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._bell.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("send_task_failed", error_type=type(task.exception()).__name__)

    async def _send(self, row: OutboxRow, composed: Composed) -> None:
        receipt = await self._channels[row.channel].send(composed.delivery)
        self._kill.reach(KillPoint.SENT)
        while not await self._marked(row, composed, receipt):
            await asyncio.sleep(LONGEST_WAIT_MS / 1000)
        self._kill.reach(KillPoint.MARKED)

    async def _marked(self, row: OutboxRow, composed: Composed, receipt: Receipt) -> bool:
        """False while the database cannot take it: what was sent must not be forgotten."""
        try:
            await self._mark(row, composed, receipt)
        except OperationalError as trouble:
            await self._operators.storage_trouble(trouble)
            return False
        except Exception as error:
            # It was sent, and sending it again would not mend what follows from it.
            log.exception("consequence_failed", row=row.id, error_type=type(error).__name__)
            try:
                await self._finish_anyway(row)
            except SQLAlchemyError:  # a row that stays as being sent would hold up its room
                return False
        return True

    async def _finish_anyway(self, row: OutboxRow) -> None:
        async with self._store.unit() as unit:
            fresh = await unit.session.get(OutboxRow, row.id)
            if fresh is not None:
                outbox.finish(unit, fresh, "sent", "consequence failed")
            await self._operators.tell(unit, _quarantined(unit, row))

    async def _mark(self, row: OutboxRow, composed: Composed, receipt: Receipt) -> None:
        async with self._store.unit() as unit:
            fresh = await unit.session.get(OutboxRow, row.id, with_for_update=True)
            if fresh is None:
                return
            match receipt:
                case Accepted(ids):
                    await accepted(unit, self._world, fresh, composed.meaning, composed.room, ids)
                    self._metrics.sent(fresh.kind, unit.now - fresh.created_at)
                case Later(reason):
                    outbox.put_back(fresh, reason)
                case Refused(reason):
                    log.warning("refused_for_good", row=fresh.id, kind=fresh.kind, why=reason)
                    await refused(unit, self._world, fresh, reason)
        if isinstance(receipt, Later):
            _rest(self._held, row.destination, receipt.after_ms)
            if receipt.channel_down:
                await self._operators.channel_down(row.channel)
        elif row.lane == outbox.HEADLINES:
            _rest(self._headlines_rest, outbox.standing_at(row), self._headline_every_ms)


def _quarantined(unit: Unit, row: OutboxRow) -> Message:
    return message("operator.quarantine", time=At(unit.now), row=row.id or 0)


def _rest(resting: dict[str, float], destination: str, length_ms: int) -> None:
    resting[destination] = asyncio.get_running_loop().time() + length_ms / 1000


def _still(resting: dict[str, float]) -> list[str]:
    """Who still rests; the others are forgotten."""
    now = asyncio.get_running_loop().time()
    for destination in [place for place, until in resting.items() if until <= now]:
        del resting[destination]
    return list(resting)
