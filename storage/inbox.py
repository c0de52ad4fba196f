"""What came in is committed, together with the channel's cursor, before anybody acts on it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, exists, or_, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.sealing import Unsealable
from storage.store import Unit
from storage.tables import Cursor, InboxRow


async def keep(
    unit: Unit,
    channel: str,
    updates: Iterable[Mapping[str, Any]],
    cursor: str,
    *,
    reader: str | None = None,
) -> int:
    """Commit updates and cursor in one go; what we already have is left alone.

    Each update is a mapping with at least `update_id`. `reader` is whose cursor it is, where each
    instance has its own. Returns how many were new.
    """
    fresh = 0
    for each in updates:
        added = await unit.session.exec(_INSERT, params=_row(unit, channel, each))  # type: ignore[call-overload]
        fresh += cast("CursorResult[Any]", added).rowcount
    await _move_cursor(unit, reader or channel, cursor)
    if fresh:
        unit.wake("inbox")
    return fresh


def _row(unit: Unit, channel: str, update: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "channel": channel,
        "update_id": str(update["update_id"]),
        "received_at": unit.now,
        "payload": unit.vault.seal(json.dumps(update)),
    }


# The same words on both databases, and no object is made of a row that only passes through.
_INSERT = text(
    "INSERT INTO inbox (channel, update_id, state, received_at, payload, attempts)"
    " VALUES (:channel, :update_id, 'new', :received_at, :payload, 0)"
    " ON CONFLICT (channel, update_id) DO NOTHING"
)


async def cursor_of(unit: Unit, channel: str) -> Cursor | None:
    """How far this channel was read, or None if never."""
    return await unit.session.get(Cursor, channel)


async def newest_cursor(unit: Unit, channel: str) -> Cursor | None:
    """Of all instances that read this channel, each with a cursor of its own."""
    found = await unit.session.exec(
        select(Cursor)
        .where(or_(col(Cursor.channel) == channel, col(Cursor.channel).startswith(f"{channel} ")))
        .order_by(col(Cursor.moved_at).desc())
        .limit(1)
    )
    return found.first()


async def next_new(unit: Unit) -> tuple[InboxRow, bool] | None:
    """The oldest update that nobody acted on, locked for this transaction, and whether
    another one waits behind it."""
    found = (await unit.session.exec(_NEXT)).first()
    return (found[0], found[1]) if found else None


def _next() -> Any:
    later = aliased(InboxRow)
    more = exists().where(col(later.state) == "new", col(later.id) > col(InboxRow.id))
    oldest_first = col(InboxRow.id)
    wanted = select(InboxRow, more).where(InboxRow.state == "new").order_by(oldest_first).limit(1)
    return wanted.with_for_update(skip_locked=True, of=InboxRow)


_NEXT = _next()


def opened(unit: Unit, row: InboxRow) -> dict[str, Any]:
    """The update of a row. Raises `Unsealable`."""
    update: dict[str, Any] = json.loads(unit.vault.unseal(row.payload))
    return update


def finish(unit: Unit, row: InboxRow) -> None:
    """Acted upon: only the fact that it came stays."""
    row.state, row.done_at, row.payload = "done", unit.now, ""


def set_aside(unit: Unit, row: InboxRow, error: str) -> None:
    """Given up. What helps to find out why stays (sealed); what somebody wrote does not, for
    no wiping of a case reaches this row. `error` is the type of the error, never its words."""
    kept = {"update_id": row.update_id, "error": error}
    try:
        update = opened(unit, row)
        kept |= {name: str(update[name]) for name in ("kind", "room") if name in update}
    except (Unsealable, ValueError) as unreadable:
        kept["payload"] = type(unreadable).__name__
    row.state, row.done_at = "quarantined", unit.now
    row.payload = unit.vault.seal(json.dumps(kept))


async def _move_cursor(unit: Unit, channel: str, position: str) -> None:
    to = {"of": channel, "to": position, "now": unit.now}
    moved = await unit.session.exec(_MOVE, params=to)
    if not moved.rowcount:
        unit.session.add(Cursor(channel=channel, position=position, moved_at=unit.now))


_MOVE = (
    update(Cursor)
    .where(col(Cursor.channel) == bindparam("of"))
    .values(position=bindparam("to"), moved_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)
