"""Who can stand in a seat: people of that partner who have the function and the duty."""

from commands.reading.words import phrase
from commands.rules.roster.rule import Seat
from commands.staff.colleagues import colleagues
from storage.store import Unit
from storage.tables import Person


async def who_can_stand(unit: Unit, seat: Seat, *, but: str | None = None) -> list[Person]:
    """Active people with this duty, in their own order; without the one who stands there now."""
    return [
        person
        for person in await colleagues(unit, seat.partner)
        if can_stand(person, seat) and person.key != but
    ]


def can_stand(person: Person, seat: Seat) -> bool:
    """True if this person may be put on the roster there."""
    has_function = seat.function in person.functions.split()
    own = person.active and person.partner == seat.partner
    return own and has_function and person.has_role("duty")


async def named(unit: Unit, partner: str, words: str) -> Person | None:
    """The one colleague whose label or key this is."""
    wanted = phrase(words)
    found = [
        person
        for person in await colleagues(unit, partner)
        if wanted in (phrase(person.label), phrase(person.key))
    ]
    return found[0] if len(found) == 1 else None
