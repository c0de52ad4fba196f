"""A topic on Telegram is erased soon after its case has ended: nothing of it is encrypted there."""

from sqlmodel import col, func, select

from commands.agreement_clocks import RUNNING
from commands.inventory import forget_message, messages_in
from commands.members import members_of, partners_there
from commands.messages import At, message
from commands.people import row_id
from commands.places import case_place, is_topic, sort_of_place
from commands.rules.moments import HOUR
from commands.seldom import not_lately
from commands.tell import How, tell_operators, tell_person, tell_room
from commands.topic import forget_topic
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Agreement, Case, InventoryItem, OutboxRow
from storage.timers import cancel_timers, set_timer

# "A message can only be deleted if it was sent less than 48 hours ago" (Bot API, deleteMessage).
DELETABLE_MS = 48 * HOUR
_ONE_BY_ONE = "erase"  # slot of the rows that clear a topic message by message


def _subject(case: Case) -> str:
    return f"topic:{row_id(case)}"


async def erase_later(unit: Unit, world: World, case: Case) -> None:
    """The case has ended. Says in the topic until when it can be read; nothing on Matrix."""
    if not is_topic(case) or world.region.telegram is None:
        return
    due_at = unit.now + world.region.telegram.keep_hours * HOUR
    set_timer(unit, "topic_erase", _subject(case), due_at, case_id=row_id(case))
    await tell_room(
        unit, case, message("room.erased_at", ref=case.reference or "", time=At(due_at))
    )


async def erase_if_done(unit: Unit, world: World, case: Case) -> None:
    """Every partner's own file is complete and no agreement runs: nobody needs it any more."""
    if not is_topic(case) or case.state == "open":
        return
    right = {each.partner for each in await members_of(unit, case) if each.file_right_at}
    if set(await partners_there(unit, world, case)) - right:
        return
    running = select(func.count(col(Agreement.id))).where(
        Agreement.case_id == row_id(case), col(Agreement.state).in_(RUNNING)
    )
    if (await unit.session.exec(running)).one() == 0:
        await cancel_timers(unit, _subject(case))
        set_timer(unit, "topic_erase", _subject(case), unit.now, case_id=row_id(case))


async def erase_topic(unit: Unit, case_id: int) -> None:
    """The moment has come."""
    case = await unit.session.get(Case, case_id)
    if case is None or case.state == "open" or case.room is None:
        return
    outbox.queue(
        unit,
        channel=case.channel,
        destination=case_place(case),
        kind="erase_room",
        payload={},
        case=case,
    )


async def topic_erased(unit: Unit, case: Case) -> None:
    """It is gone with all that stood in it; whoever took part hears that."""
    await note(unit, BOT, "delete", "room", right="protocol", reference=case.reference)
    await forget_topic(unit, case)
    text = message("close.topic_erased", ref=case.reference or "", time=At(unit.now))
    for member in await members_of(unit, case):
        await tell_person(unit, member.person_id, text, how=How(case=case))


async def topic_stays(unit: Unit, case: Case) -> None:
    """The group did not let us: each message by itself, as far as its age allows that. The
    operator hears how many must be taken away by hand."""
    recent = col(InventoryItem.at) > unit.now - DELETABLE_MS
    found = await unit.session.exec(select(InventoryItem).where(messages_in(case), recent))
    young = found.all()
    for item in young:
        outbox.erase(
            unit,
            channel=case.channel,
            destination=case_place(case),
            event_id=item.event_id,
            slot=_ONE_BY_ONE,
            case=case,
        )
    if not young:
        await _tell_what_stays(unit, case)


async def _tell_what_stays(unit: Unit, case: Case) -> None:
    """Only when the last one was tried: what we may not erase shows then and not before."""
    left = select(func.count(col(InventoryItem.id))).where(messages_in(case))
    found = await unit.session.exec(left)
    text = message("operator.topic_stays", ref=case.reference or "", n=found.one())
    await tell_operators(unit, text)


async def message_erased(
    unit: Unit, row: OutboxRow, case: Case, event_id: str, *, stays: bool
) -> None:
    """A message of a case with a topic is gone, or stays although we asked. What stays in a direct
    chat is no more than the list allows there."""
    if not stays:
        await forget_message(unit, row, event_id)
    if row.slot == _ONE_BY_ONE:
        if not await _more_to_erase(unit, row):
            await _tell_what_stays(unit, case)
        return
    in_topic = sort_of_place(row.destination) == "case"
    if stays and in_topic and await not_lately(unit, f"stays:{row_id(case)}", HOUR):
        await tell_operators(unit, message("operator.topic_stays", ref=case.reference or "", n=1))


async def _more_to_erase(unit: Unit, row: OutboxRow) -> bool:
    found = await unit.session.exec(
        select(OutboxRow.id).where(
            OutboxRow.destination == row.destination,
            OutboxRow.slot == _ONE_BY_ONE,
            OutboxRow.id != row.id,
            col(OutboxRow.state).in_(("pending", "sending")),
        )
    )
    return found.first() is not None
