"""What came in is committed, together with the channel's cursor, before anybody acts on it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, exists, insert, update
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select

from storage.store import Unit
from storage.tables import Cursor, InboxRow


async def keep(unit: Unit, channel: str, updates: Iterable[Mapping[str, Any]], cursor: str) -> int:
    """Commit updates and cursor in one go; what we already have is left alone.

    Each update is a mapping with at least `update_id`. Returns how many were new.
    """
    by_id = {str(each["update_id"]): each for each in updates}
    known: set[str] = set()
    if by_id:
        asked = {"channel": channel, "ids": list(by_id)}
        known = set(await unit.session.exec(_KNOWN, params=asked))
    fresh = [each for key, each in by_id.items() if key not in known]
    if fresh:
        rows = [_row(unit, channel, each) for each in fresh]
        await unit.session.execute(_INSERT, rows)
        unit.wake("inbox")
    await _move_cursor(unit, channel, cursor)
    return len(fresh)


def _row(unit: Unit, channel: str, update: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "channel": channel,
        "update_id": str(update["update_id"]),
        "state": "new",
        "received_at": unit.now,
        "payload": unit.vault.seal(json.dumps(update)),
        "attempts": 0,
    }


_INSERT = insert(SQLModel.metadata.tables["inbox"])  # without making objects of rows
_KNOWN = select(InboxRow.update_id).where(
    InboxRow.channel == bindparam("channel"),
    col(InboxRow.update_id).in_(bindparam("ids", expanding=True)),
)


async def cursor_of(unit: Unit, channel: str) -> Cursor | None:
    """How far this channel was read, or None if never."""
    return await unit.session.get(Cursor, channel)


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


def finish(unit: Unit, row: InboxRow, state: str = "done") -> None:
    """Acted upon (or quarantined): only the fact that it came stays."""
    row.state = state
    row.done_at = unit.now
    if state == "done":
        row.payload = ""


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
