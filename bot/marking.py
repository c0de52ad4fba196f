"""Write down what a messenger made of a row, and what follows from it."""

import time

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.channels.base import Accepted, Later, Receipt, Refused
from bot.compose import Composed
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines, quarantined
from commands.delivered import accepted, message_stands, refused
from commands.group_moved import group_has_moved
from commands.page_waits import has_waited_long, tell_page_waits
from commands.world import World
from storage import outbox
from storage.store import Store
from storage.tables import OutboxRow

log = structlog.get_logger(__name__)


class Marking:
    """What was sent is never forgotten, and what was not sent is never taken for sent."""

    def __init__(
        self, store: Store, world: World, metrics: Metrics, operators: OperatorLines
    ) -> None:
        self._store = store
        self._world = world
        self._metrics = metrics
        self._operators = operators
        self._put_off_since: dict[int, float] = {}  # page's row → monotonic, first `Later`

    async def marked(self, row: OutboxRow, composed: Composed, receipt: Receipt) -> bool:
        """False while the database cannot take it: then the same must be tried again."""
        try:
            await self._mark(row, composed, receipt)
        except OperationalError as trouble:
            await self._operators.storage_trouble(trouble)
            return False
        except Exception as error:
            # It was sent, and sending it again would not mend what follows from it.
            log.exception("consequence_failed", row=row.id, error_type=type(error).__name__)
            try:
                await self._finish_anyway(row, composed, receipt)
            except SQLAlchemyError as trouble:  # left as being sent it would hold up its room
                await self._operators.storage_trouble(trouble)
                return False
        if isinstance(receipt, Later):
            await self._tell_that_it_waits(row, receipt)
        else:
            self._put_off_since.pop(row.id or 0, None)
        return True

    async def _mark(self, row: OutboxRow, composed: Composed, receipt: Receipt) -> None:
        async with self._store.unit() as unit:
            fresh = await unit.session.get(OutboxRow, row.id, with_for_update=True)
            if fresh is None or (fresh.state == "sent" and not isinstance(receipt, Accepted)):
                return  # gone, or a press under it proved that it arrived
            match receipt:
                case Accepted(ids):
                    meaning, room = composed.meaning, receipt.moved_to or composed.room
                    await accepted(unit, self._world, fresh, meaning, room, ids, receipt.remains)
                    if receipt.moved_to is not None:
                        await group_has_moved(unit, fresh.channel, composed.room, room)
                    self._metrics.sent(fresh.kind, unit.now - fresh.created_at)
                case Later(reason):
                    outbox.put_back(fresh, reason, unknown=receipt.unknown)
                case Refused(reason):
                    log.warning("refused_for_good", row=fresh.id, kind=fresh.kind, why=reason)
                    await refused(unit, self._world, fresh, reason, gone=receipt.gone)

    async def _finish_anyway(self, row: OutboxRow, composed: Composed, receipt: Receipt) -> None:
        """With the message and its buttons if at all possible: whoever reads it must be able to
        answer. Raises `OperationalError` while the database cannot take it."""
        try:
            await self._finish(row, composed, receipt, stands=True)
        except OperationalError:
            raise
        except Exception as error:
            log.exception("message_not_kept", row=row.id, error_type=type(error).__name__)
            await self._finish(row, composed, receipt, stands=False)

    async def _finish(
        self, row: OutboxRow, composed: Composed, receipt: Receipt, *, stands: bool
    ) -> None:
        async with self._store.unit() as unit:
            fresh = await unit.session.get(OutboxRow, row.id, with_for_update=True)
            if fresh is None:
                return
            match receipt:
                case Later(reason):  # nobody has it yet, whatever failed
                    outbox.put_back(fresh, reason, unknown=receipt.unknown)
                    return
                case Refused(reason):
                    outbox.finish(unit, fresh, "failed", reason)
                case Accepted(ids):
                    if stands:
                        await message_stands(unit, fresh, composed.meaning, composed.room, ids)
                    outbox.finish(unit, fresh, "sent", "consequence failed")
            await self._operators.tell(unit, quarantined(unit, row))

    async def _tell_that_it_waits(self, row: OutboxRow, later: Later) -> None:
        """The channel's own line if that is away; else a line about this one page. A transaction
        of its own: the row has been put back, whatever becomes of the telling."""
        if later.channel_down:
            await self._operators.channel_down(row.channel)
        if row.page_id is None:
            return
        since = self._put_off_since.setdefault(row.id or 0, time.monotonic())
        if later.channel_down and not self._operators.answered_since(row.channel, since):
            return
        if not has_waited_long(row, self._store.now()):
            return
        try:
            async with self._store.unit() as unit:
                await tell_page_waits(unit, row)
        except SQLAlchemyError as trouble:  # told when it is put back the next time
            await self._operators.storage_trouble(trouble)
