"""Who can stand in a seat: people of that partner who have the function and the duty."""

from commands.reading.words import phrase
from commands.roster.load import roster_of
from commands.rules.roster.rule import Seat
from commands.staff.colleagues import colleagues
from commands.staff.reachable import reachable_people
from commands.world import World
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


async def can_be_there(unit: Unit, world: World, person: Person, start: int, end: int) -> bool:
    """False for who is away at some moment of this time, or cannot be reached now: named all the
    same, they would leave the seat empty without anybody seeing it."""
    reach = await reachable_people(unit, world)
    if person.key not in reach or not reach[person.key].works:
        return False
    roster = await roster_of(unit, [person.partner], since=start, span_ms=end - start)
    away = roster.absences_of([person.key])
    return not any(each.start < end and (each.end is None or each.end > start) for each in away)
