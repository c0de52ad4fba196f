"""Who sends a row: it is leased, best lane first, and let go of when its holder is gone.

The order is told in `outbox`.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage import outbox
from storage.store import Unit
from storage.tables import OutboxRow

LEASE_MS = 60_000


async def claim(
    unit: Unit,
    *,
    limit: int,
    lanes: int,
    held: Collection[str] = (),
    held_for_all: Collection[str] = (),
    held_headlines: Collection[str] = (),
    elsewhere: Collection[str] = (),
) -> Sequence[OutboxRow]:
    """Lease the rows that may go now, best lane first; while there are pages, only pages.

    To `held` destinations only pages go, to `held_for_all` nothing; of `held_headlines`
    (`standing_at`) nothing is edited. Channels `elsewhere` are another instance's to send to.
    """
    now_as = {
        "lanes": lanes,
        "held": list(held),
        "held_for_all": list(held_for_all),
        "resting": list(held_headlines),
        "elsewhere": list(elsewhere),
        "most": limit,
    }
    rows: Sequence[OutboxRow] = (await unit.session.exec(_CLAIM, params=now_as)).all()
    if rows and rows[0].lane == outbox.PAGES:
        rows = [row for row in rows if row.lane == outbox.PAGES]
    for row in rows:
        row.state = "sending"
        row.leased_until = unit.now + LEASE_MS
        row.attempts += 1
    return rows


def standing_at(row: OutboxRow) -> str:
    """The one message that this row makes or changes, among all."""
    return f"{row.destination} {row.slot or ''}"


_STANDING_AT = col(OutboxRow.destination) + " " + func.coalesce(OutboxRow.slot, "")


def _claim() -> Any:
    """Made once: putting it together takes longer than carrying it out."""
    earlier = aliased(OutboxRow)
    same_place = col(earlier.destination) == col(OutboxRow.destination)
    still_waiting = col(earlier.state) == "pending"
    before = and_(
        col(earlier.lane) == col(OutboxRow.lane),
        col(earlier.id) < col(OutboxRow.id),
        or_(col(OutboxRow.lane) < outbox.HEADLINES, col(earlier.slot) == col(OutboxRow.slot)),
    )
    is_page = col(OutboxRow.lane) == outbox.PAGES
    # A messenger's limits may keep a status message on its way for seconds.
    on_its_way = and_(
        col(earlier.state) == "sending", or_(~is_page, col(earlier.lane) == outbox.PAGES)
    )
    blocked = exists().where(
        same_place,
        or_(
            on_its_way,
            and_(still_waiting, or_(col(earlier.lane) < col(OutboxRow.lane), before)),
        ),
    )
    resting = and_(
        col(OutboxRow.lane) == outbox.HEADLINES,
        _STANDING_AT.in_(bindparam("resting", expanding=True)),
    )
    return (
        select(OutboxRow)
        .where(
            OutboxRow.state == "pending",
            col(OutboxRow.lane) <= bindparam("lanes"),
            or_(is_page, col(OutboxRow.destination).not_in(bindparam("held", expanding=True))),
            col(OutboxRow.destination).not_in(bindparam("held_for_all", expanding=True)),
            col(OutboxRow.channel).not_in(bindparam("elsewhere", expanding=True)),
            ~resting,
            ~blocked,
        )
        .order_by(col(OutboxRow.lane), col(OutboxRow.id))
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


_CLAIM = _claim()


async def release_leases(unit: Unit, taken_over: Collection[str], *, known: Collection[str]) -> int:
    """What was being sent to these channels by a former life of ours, or by an instance that is
    gone, goes out again with the same key; so does what was for a channel no longer known."""
    channel = col(OutboxRow.channel)
    changed = await unit.session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.state) == "sending",
            or_(channel.in_(taken_over), channel.not_in(known)),
        )
        .values(state="pending", error=f"{outbox.UNKNOWN}: stopped")
    )
    return int(changed.rowcount)


async def let_go(unit: Unit, leases: Collection[tuple[int, int]]) -> None:
    """Leases (row, attempt) of ours of which nothing was sent, if they were committed at all. One
    that was claimed again since then is not ours."""
    for number, attempt in leases:
        await unit.session.exec(
            update(OutboxRow)
            .where(
                col(OutboxRow.id) == number,
                col(OutboxRow.attempts) == attempt,
                col(OutboxRow.state) == "sending",
            )
            .values(state="pending", leased_until=None)
        )
