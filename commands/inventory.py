"""What of a case exists on a messenger: what is not written down here is never erased."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete
from sqlmodel import col, select

from commands.people import row_id
from commands.update import Update
from storage.store import Unit
from storage.tables import Case, InventoryItem, OutboxRow


def messages_in(case: Case) -> ColumnElement[bool]:
    """What is known to stand in the room that the case has now, without the room itself."""
    return and_(_things_in(case), col(InventoryItem.what) != "room")


def _things_in(case: Case) -> ColumnElement[bool]:
    return and_(
        col(InventoryItem.case_id) == row_id(case),
        col(InventoryItem.channel) == case.channel,
        col(InventoryItem.room) == case.room,
    )


async def forget_room(unit: Unit, case: Case) -> None:
    """The room is gone, and so is all that stood in it."""
    await unit.session.exec(delete(InventoryItem).where(_things_in(case)))


async def forget_message(unit: Unit, row: OutboxRow, event_id: str) -> None:
    """One message of a case is gone, wherever it stood on the messenger of this row."""
    this = (
        col(InventoryItem.case_id) == row.case_id,
        col(InventoryItem.channel) == row.channel,
        col(InventoryItem.event_id) == event_id,
    )
    await unit.session.exec(delete(InventoryItem).where(*this))


async def remember(unit: Unit, row: OutboxRow, room: str, ids: Sequence[str], what: str) -> None:
    """What came of this row, each once. Nothing where it belongs to no case."""
    if row.case_id is None:
        return
    new = row.kind == "say" and row.attempts == 1  # nobody can have known of it before
    known = frozenset() if new else await _known(unit, row, room, ids)
    for event_id in dict.fromkeys(ids):
        if event_id in known:
            continue
        unit.session.add(
            InventoryItem(
                case_id=row.case_id,
                channel=row.channel,
                room=room,
                event_id=event_id,
                what=what,
                at=unit.now,
            )
        )


async def _known(unit: Unit, row: OutboxRow, room: str, ids: Sequence[str]) -> frozenset[str]:
    found = await unit.session.exec(
        select(InventoryItem.event_id).where(
            InventoryItem.channel == row.channel,
            InventoryItem.room == room,
            col(InventoryItem.event_id).in_(ids),
        )
    )
    return frozenset(found)


def remember_said(unit: Unit, case: Case, update: Update) -> None:
    """What people write in a topic must be erased with it, if need be one by one."""
    if update.edit or case.room is None:
        return
    unit.session.add(
        InventoryItem(
            case_id=row_id(case),
            channel=case.channel,
            room=case.room,
            event_id=update.event,
            what="said",
            at=min(update.at, unit.now),
        )
    )
