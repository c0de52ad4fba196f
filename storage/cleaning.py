"""Rows that did their work do not stay for ever: what nobody needs, nobody can read or lose.

Thirty days are far more than a messenger can look back behind the cursor, so that an update that
comes twice is still recognised, and long enough to find out why something went wrong.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Delete, bindparam, delete, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.store import Store
from storage.tables import Case, DoneJob, InboxRow, OutboxRow, TimerRow

log = structlog.get_logger(__name__)

KEPT_MS = 30 * 24 * 60 * 60 * 1_000
AT_ONCE = 500  # rows in a transaction: no page may wait for more
_JOB = "cleaning"

_RUNNING = select(Case.id).where(col(Case.state).in_(("draft", "open")))

# What may go. Quarantined updates still have their sealed words, and go with them.
_OVER: dict[Any, tuple[Any, ...]] = {
    InboxRow: (
        col(InboxRow.state).in_(("done", "quarantined")),
        col(InboxRow.done_at) < bindparam("before"),
    ),
    OutboxRow: (
        col(OutboxRow.state).in_(("sent", "failed", "cancelled")),
        func.coalesce(OutboxRow.sent_at, OutboxRow.created_at) < bindparam("before"),
        # A case that still runs looks back at what it asked.
        func.coalesce(OutboxRow.case_id, 0).not_in(_RUNNING),
    ),
    TimerRow: (
        col(TimerRow.state).in_(("done", "cancelled")),
        col(TimerRow.due_at) < bindparam("before"),  # cancelled long before: it stays until then
    ),
}


async def clean_once(store: Store, period: str) -> bool:
    """Delete what has been over for thirty days; False if that was done for this period.

    `period` sorts as time does (an ISO date). Killed on the way, the next call goes on.
    """
    async with store.view() as unit:
        if await unit.session.get(DoneJob, (_JOB, period)) is not None:
            return False
        before = unit.now - KEPT_MS
    for table, over in _OVER.items():
        gone = await _clean(store, select(table.id).where(*over), _gone(table, over), before)
        if gone:
            log.info("cleaned", table=table.__tablename__, rows=gone)
    async with store.unit() as unit:
        await unit.session.exec(
            delete(DoneJob).where(col(DoneJob.job) == _JOB, col(DoneJob.period) < period)
        )
        await unit.session.merge(DoneJob(job=_JOB, period=period, done_at=unit.now))
    return True


def _gone(table: Any, over: Sequence[Any]) -> Delete:
    """Asks again whether it is over: since it was looked for, the world went on."""
    some = table.id.in_(bindparam("some", expanding=True))
    return delete(table).where(some, *over).execution_options(synchronize_session=False)


async def _clean(store: Store, wanted: SelectOfScalar[int], gone: Delete, before: int) -> int:
    """Looks without the write lock and deletes in small transactions."""
    count = 0
    while True:
        async with store.view() as unit:
            oldest = wanted.order_by("id").limit(AT_ONCE)
            found = (await unit.session.exec(oldest, params={"before": before})).all()
        if not found:
            return count
        async with store.unit() as unit:
            await unit.session.exec(gone, params={"before": before, "some": found})
        count += len(found)
        if len(found) < AT_ONCE:
            return count
