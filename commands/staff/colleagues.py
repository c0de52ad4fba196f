"""Whom a contact point may manage: the people of the own organisation, and nobody else."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.people import row_id
from commands.reading.words import phrase
from storage.store import Unit
from storage.tables import Person


async def colleagues(unit: Unit, partner: str) -> list[Person]:
    """The active people of an organisation. Those outside the partners are none together."""
    if not partner:
        return []
    found = await unit.session.exec(
        select(Person)
        .where(
            Person.region_id == unit.region_id,
            Person.partner == partner,
            col(Person.active).is_(True),
        )
        .order_by(col(Person.id))
    )
    return list(found)


async def own_colleague(ask: Ask, person_id: str) -> Person | None:
    """The person of a pressed button, if the one who presses it may manage them now."""
    for person in await colleagues(ask.unit, ask.who.person.partner):
        if str(row_id(person)) == person_id:
            return person
    return None


def labelled(people: list[Person], words: str) -> Person | None:
    """The one whose label was typed; None if nobody, or more than one."""
    wanted = phrase(words)
    found = [person for person in people if phrase(person.label) == wanted]
    return found[0] if wanted and len(found) == 1 else None
