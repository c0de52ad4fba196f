"""Contact points of an organisation: there must be one, and there should be two."""

from sqlmodel import col, select

from commands.people import row_id, with_role
from storage.store import Unit
from storage.tables import Identity, Person

ENOUGH = 2  # one is none: who is ill or leaves must have somebody beside them


async def others_there(unit: Unit, person: Person, role: str = "contact_point") -> list[Person]:
    """Who else of the same organisation has this role and is in their chat with us."""
    others = [each for each in await with_role(unit, role, person.partner) if each.id != person.id]
    found = await unit.session.exec(
        select(Identity.person_id).where(
            col(Identity.person_id).in_([row_id(each) for each in others]),
            col(Identity.joined_at).is_not(None),
        )
    )
    there = set(found)
    return [each for each in others if row_id(each) in there]


async def is_last(unit: Unit, person: Person, role: str = "contact_point") -> bool:
    """Whether without this person nobody there would have the role."""
    return person.has_role(role) and not await others_there(unit, person, role)
