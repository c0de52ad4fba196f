"""Write down what a messenger made of a row, and what follows from it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.channels.base import Accepted, Later, Receipt, Refused
from bot.compose import Composed
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines, quarantined
from commands.delivered import accepted, message_stands, put_off, refused
from commands.files import read_document
from commands.group_moved import group_has_moved
from commands.page_waits import has_waited_long, tell_page_waits
from commands.roster.take_file import Understood
from commands.world import World
from storage import outbox
from storage.at_hand import cases_of, pages_of
from storage.store import Store, Unit
from storage.tables import OutboxRow

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 32


@dataclass(eq=False)
class _Mark:
    """What a messenger made of one row. `done`: it is written down; None: not yet known."""

    row: OutboxRow
    composed: Composed
    receipt: Receipt
    understood: Understood | None = None
    done: bool | None = None


def _may_mark(fresh: OutboxRow, mark: _Mark) -> bool:
    """That it arrived always counts. That it did not: only if no press under it proved the
    opposite, and nobody has leased it anew since."""
    if isinstance(mark.receipt, Accepted):
        return True
    return fresh.state != "sent" and fresh.attempts == mark.row.attempts


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
        self._waiting: list[_Mark] = []
        self._turn = asyncio.Lock()

    async def marked(self, row: OutboxRow, composed: Composed, receipt: Receipt) -> bool:
        """False while the database cannot take it: then the same must be tried again.

        Whoever has the turn writes down for all who wait: six hundred pages at once are as many
        transactions less.
        """
        try:
            understood = await self._understood(row, composed, receipt)
        except SQLAlchemyError as trouble:
            await self._operators.storage_trouble(trouble)
            return False
        except Exception as error:  # what its sender hears follows from a refusal
            log.exception("file_not_read", row=row.id, error_type=type(error).__name__)
            understood, receipt = None, Refused("unreadable")
        mark = _Mark(row, composed, receipt, understood)
        self._waiting.append(mark)
        async with self._turn:
            if mark.done is None:
                await self._mark_waiting()
        if not mark.done:
            return False
        if isinstance(receipt, Later):
            await self._tell_that_it_waits(row, receipt)
        else:
            self._put_off_since.pop(row.id or 0, None)
        return True

    async def _mark_waiting(self) -> None:
        marks, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        if len(marks) > 1 and await self._all_at_once(marks):
            return
        for mark in marks:
            mark.done = await self._one(mark)

    async def _all_at_once(self, marks: Sequence[_Mark]) -> bool:
        """False if one of them spoils it: then each is tried by itself."""
        done = True
        try:
            await self._mark(marks)
        except OperationalError as trouble:
            await self._operators.storage_trouble(trouble)
            done = False
        except Exception as error:
            log.exception("marks_one_by_one", rows=len(marks), error_type=type(error).__name__)
            return False
        for mark in marks:
            mark.done = done
        return True

    async def _one(self, mark: _Mark) -> bool:
        try:
            await self._mark([mark])
        except OperationalError as trouble:
            await self._operators.storage_trouble(trouble)
            return False
        except Exception as error:
            # It was sent, and sending it again would not mend what follows from it.
            log.exception("consequence_failed", row=mark.row.id, error_type=type(error).__name__)
            try:
                await self._finish_anyway(mark.row, mark.composed, mark.receipt)
            except SQLAlchemyError as trouble:  # left as being sent it would hold up its room
                await self._operators.storage_trouble(trouble)
                return False
        return True

    async def _mark(self, marks: Sequence[_Mark]) -> None:
        async with self._store.unit() as unit:
            rows = await outbox.these(unit, [mark.row.id or 0 for mark in marks])
            _at_hand = await cases_of(unit, rows.values()), await pages_of(unit, rows.values())
            for mark in marks:
                fresh = rows.get(mark.row.id or 0)
                if fresh is not None and _may_mark(fresh, mark):
                    await self._note(unit, fresh, mark)
            now = unit.now
        for mark in marks:
            if isinstance(mark.receipt, Accepted):
                self._metrics.sent(mark.row.kind, now - mark.row.created_at)

    async def _understood(
        self, row: OutboxRow, composed: Composed, receipt: Receipt
    ) -> Understood | None:
        """Of a file, before anybody's turn to write: reading it takes its time."""
        if row.kind != "fetch" or not isinstance(receipt, Accepted):
            return None
        async with self._store.view() as unit:
            return await read_document(
                unit, self._world, row.destination, composed.meaning, receipt.content
            )

    async def _note(self, unit: Unit, fresh: OutboxRow, mark: _Mark) -> None:
        composed, receipt, understood = mark.composed, mark.receipt, mark.understood
        match receipt:
            case Accepted(ids):
                meaning, room = composed.meaning, receipt.moved_to or composed.room
                await accepted(
                    *(unit, self._world, fresh, meaning, room, ids),
                    remains=receipt.remains,
                    understood=understood,
                )
                if receipt.moved_to is not None:
                    await group_has_moved(unit, fresh.channel, composed.room, room)
            case Later(reason):
                await put_off(unit, self._world, fresh, reason, unknown=receipt.unknown)
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
