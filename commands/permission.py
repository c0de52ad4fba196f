"""The one permission check. Every command passes here, typed or pressed."""

from sqlmodel import select

from commands.ask import Ask
from commands.declare import Right
from commands.members import leading
from commands.outside_room import outside_room
from commands.people import row_id
from storage.store import Unit
from storage.tables import Case, Member, Page


async def role_for(ask: Ask, right: Right) -> str | None:
    """The role in which the asker may do this, or None: then nothing may happen."""
    person = ask.who.person
    match right:
        case "anyone":
            return "known"
        case "melder":
            return "melder" if person.has_role("melder") else None
        case "coordinator":
            return "coordinator" if person.has_role("coordinator") else None
        case "contact_point":
            return "contact_point" if person.has_role("contact_point") else None
        case "rostered":
            return next((r for r in ("duty", "contact_point") if person.has_role(r)), None)
    if ask.case is None:
        return None
    initiator = ask.case.initiator_id == ask.who.id
    match right:
        case "initiator":
            return "melder" if initiator else None
        case "called":
            return "called" if await was_called(ask.unit, ask.case, ask.who.id) else None
        case "lead":
            if initiator:
                return "melder"
            if not await is_member(ask.unit, ask.case, ask.who.id):
                return None
            if ask.case.lead is not None and ask.case.lead == person.partner:
                return "case_lead"
            return "member" if await _lead_is_outside(ask) else None
        case "member":
            return "member" if await is_member(ask.unit, ask.case, ask.who.id) else None
    return None


async def _lead_is_outside(ask: Ask) -> bool:
    """Nobody whom closing is up to can come into the room, where alone it can be answered: then
    whoever is there does it for them."""
    if ask.world.region.telegram is None:
        return False
    outside = {each.person_id for each in await outside_room(ask.unit, ask.world, ask.about)}
    leading_people = {ask.about.initiator_id, *await leading(ask.unit, ask.about)}
    return ask.who.id not in outside and leading_people <= outside


async def is_member(unit: Unit, case: Case, person_id: int) -> bool:
    """True for the people of this case now: the initiator and everybody who took it."""
    found = await unit.session.exec(
        select(Member.id).where(
            Member.case_id == row_id(case),
            Member.person_id == person_id,
            Member.left_at == None,  # noqa: E711
        )
    )
    return found.first() is not None


async def was_called(unit: Unit, case: Case, person_id: int) -> bool:
    """True for everybody who got a page of this case."""
    found = await unit.session.exec(
        select(Page.id).where(Page.case_id == row_id(case), Page.person_id == person_id)
    )
    return found.first() is not None
