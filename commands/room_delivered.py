"""What follows when a messenger made the room of a case, or would not do what that room needs."""

from commands.erase_topic import erase_topic, message_erased, topic_erased, topic_stays
from commands.inventory import remember
from commands.members import members_of
from commands.messages import At, Listed, Number, message
from commands.people import row_id
from commands.places import is_topic
from commands.rows_of_chain import chains_of
from commands.rules.moments import HOUR
from commands.seldom import not_lately
from commands.tell import How, stands_for, take_away_person, tell_operators, tell_person
from commands.topic import topic_is_gone, topic_stands
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Case, OutboxRow


async def room_stands(unit: Unit, world: World, row: OutboxRow, case: Case, room: str) -> None:
    """It has this address from now on. A topic that comes after the end of its case goes at once:
    nobody would erase it any more, and the reason of the alarm would stand in it."""
    case.room = room
    await remember(unit, row, room, ("",), "room")
    if is_topic(case) and case.state != "open":
        await erase_topic(unit, row_id(case))
        return
    if is_topic(case):
        await topic_stands(unit, world, case)
    await _works_after_all(unit, case)


async def room_refused(unit: Unit, world: World, row: OutboxRow, *, gone: bool) -> None:
    """Without a room, or without somebody in it, a case must go on by telephone.

    gone: the room itself is not there any more.
    """
    case = await unit.session.get(Case, row.case_id)
    if case is None:
        return
    if row.kind == "erase_room" and not gone:
        await topic_stays(unit, case)
    elif row.kind == "erase_room":
        await topic_erased(unit, case)
    elif row.kind == "erase" and is_topic(case) and not gone:
        await message_erased(unit, row, case, "", stays=True)
    elif row.kind == "invite":
        await _tell_operators(unit, case)
    elif gone and is_topic(case) and case.room is not None and await topic_is_gone(unit, case):
        return
    elif row.kind == "open_room" or (row.kind == "say" and case.state == "open"):
        # Also a room in which nothing is read that we say.
        if await not_lately(unit, _slot(case), HOUR):
            await _tell_operators(unit, case)
        await _call_each_other(unit, world, case)


async def _tell_operators(unit: Unit, case: Case) -> None:
    text = message("operator.not_delivered", label=case.reference or "", time=At(unit.now))
    await tell_operators(unit, text)


def _slot(case: Case) -> str:
    return f"broken:{row_id(case)}"


async def _works_after_all(unit: Unit, case: Case) -> None:
    for member in await members_of(unit, case):
        if await stands_for(unit, member.person_id, _slot(case)):
            await take_away_person(unit, member.person_id, _slot(case), case)
            text = message("telegram.pointer", ref=case.reference or "")
            await tell_person(unit, member.person_id, text, how=How(case=case))


async def _call_each_other(unit: Unit, world: World, case: Case) -> None:
    """Each hears it once, also who takes the case later."""
    called = [world.region.partner(chain.partner) for chain in await chains_of(unit, case)]
    numbers = Listed(tuple(Number(partner.desk_number) for partner in called))
    text = message("room.broken", numbers=numbers)
    how = How(loud=True, lane=outbox.ANSWERS, case=case)
    for member in await members_of(unit, case):
        if not await stands_for(unit, member.person_id, _slot(case)):
            await tell_person(unit, member.person_id, text, slot=_slot(case), how=how)
