"""What the operator hears when something is wrong: said once, and again when it is over."""

import sqlite3
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.metrics import Metrics
from commands.messages import At, Message, message
from commands.people import row_id, with_role
from commands.tell import How, show_person, tell_operators
from storage import outbox
from storage.store import Store, Unit
from storage.tables import OutboxRow

log = structlog.get_logger(__name__)

# Shorter hiccups mend themselves before anybody could look.
TOLD_AFTER_S = 10.0  # real seconds


class OperatorLines:
    """Remembers what is wrong now; the lines themselves go through the outbox."""

    def __init__(self, store: Store, metrics: Metrics, told_after_s: float = TOLD_AFTER_S) -> None:
        self._store = store
        self._metrics = metrics
        self._told_after_s = told_after_s
        self._down: dict[str, tuple[float, int]] = {}  # channel → (monotonic, instant)
        self._told: set[str] = set()
        self._answered: dict[str, float] = {}  # channel → monotonic, of its last news
        self._storage_since: int | None = None

    async def channel_down(
        self, channel: str, *, revoked: bool = False, second_poller: bool = False
    ) -> None:
        """A messenger does not answer; after a while, or at once if only a human can help, the
        operator hears it. What cannot be sent now waits in the outbox."""
        begun, since = self._down.setdefault(channel, (time.monotonic(), self._store.now()))
        self._metrics.channel_down(channel, down=True)
        at_once = revoked or second_poller  # only a human can help
        if channel in self._told or (not at_once and time.monotonic() - begun < self._told_after_s):
            return
        self._told.add(channel)
        log.error("channel_down", channel=channel, since=since, revoked=revoked)
        key = "operator.revoked" if revoked else "operator.down"
        if second_poller:
            key = "operator.second_poller"
        try:
            async with self._store.unit() as unit:
                waiting = await outbox.count_waiting(unit)
                text = message(key, channel=channel.capitalize(), time=At(since), n=waiting)
                await _show_operators(unit, _outage(channel, since), text)
        except SQLAlchemyError as trouble:  # whoever calls must go on; told at the next call
            self._told.discard(channel)
            await self.storage_trouble(trouble)

    async def channel_up(self, channel: str) -> None:
        """It answers. If it was away, the line about that is changed; if that never left, only
        this one goes."""
        self._answered[channel] = time.monotonic()
        down = self._down.pop(channel, None)
        if down is None:
            return
        self._metrics.channel_down(channel, down=False)
        log.info("channel_up", channel=channel)
        if channel not in self._told:
            return
        self._told.discard(channel)
        try:
            async with self._store.unit() as unit:
                text = message("operator.up", channel=channel.capitalize(), time=At(unit.now))
                await _show_operators(unit, _outage(channel, down[1]), text)
        except SQLAlchemyError as trouble:
            self._down[channel] = down
            self._told.add(channel)
            await self.storage_trouble(trouble)

    def answered_since(self, channel: str, moment: float) -> bool:
        """True if it gave news after this moment (monotonic): what fails there since then is one
        conversation and not the whole messenger."""
        return self._answered.get(channel, float("-inf")) > moment

    async def storage_trouble(self, trouble: SQLAlchemyError) -> None:
        """The database refused. Nothing can be queued now, so the log is the operator's line."""
        self._metrics.storage_trouble()
        if self._storage_since is None:
            self._storage_since = self._store.now()
            log.error("storage_trouble", since=self._storage_since, why=kind_of(trouble))

    async def storage_works(self) -> None:
        """It takes rows again: tell what was wrong since when."""
        since, self._storage_since = self._storage_since, None
        if since is None:
            return
        log.info("storage_works", since=since)
        try:
            async with self._store.unit() as unit:
                text = message("operator.storage", since=At(since), until=At(unit.now))
                await tell_operators(unit, text)
        except SQLAlchemyError:
            self._storage_since = since

    async def timer_given_up(self, unit: Unit, kind: str) -> None:
        """A clock that cannot run: people must take over."""
        log.error("timer_given_up", kind=kind)
        await tell_operators(unit, message("operator.timer", time=At(unit.now), kind=kind))

    async def tell(self, unit: Unit, text: Message) -> None:
        """Any other line."""
        await tell_operators(unit, text)


def _outage(channel: str, since: int) -> str:
    """Each has a line of its own: a change of an old one rings nobody."""
    return f"down:{channel}:{since}"


def quarantined(unit: Unit, row: OutboxRow) -> Message:
    """The line about a row of which nothing, or not everything, could be made."""
    return message("operator.quarantine", time=At(unit.now), row=row.id or 0)


def kind_of(trouble: SQLAlchemyError) -> str:
    """The kind of trouble. PostgreSQL's own sentence can quote a row, SQLite's cannot."""
    original = getattr(trouble, "orig", None)
    state = getattr(original, "sqlstate", None)
    detail = state or (str(original) if isinstance(original, sqlite3.Error) else "")
    return f"{type(trouble).__name__}: {detail}".strip(": ")


async def _show_operators(unit: Unit, slot: str, text: Message) -> None:
    for person in await with_role(unit, "operator"):
        await show_person(unit, row_id(person), slot, text, how=How(loud=True, lane=outbox.REST))
