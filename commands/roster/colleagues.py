"""Who can stand in a seat: people of that partner who have the function and the duty."""

from commands.ask import Ask
from commands.reading.words import phrase
from commands.roster.load import roster_of
from commands.rules.roster.rule import Seat
from commands.staff.colleagues import colleagues, labelled
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


async def whose_shifts(ask: Ask) -> Person | None:
    """Whom the words behind a command mean: nobody else is oneself. None: nobody by that label or
    key, or somebody for whom the asker may not do it."""
    if not ask.words.strip():
        return ask.who.person
    people = await colleagues(ask.unit, ask.who.person.partner)
    by_key = (each for each in people if phrase(each.key) == phrase(ask.words))
    found = labelled(people, ask.words) or next(by_key, None)
    return found if found is not None and may_act_for(ask, found) else None


def may_act_for(ask: Ask, whose: Person) -> bool:
    """For oneself, and the contact point for the own organisation."""
    me = ask.who.person
    return whose.key == me.key or (whose.partner == me.partner and me.has_role("contact_point"))


async def can_be_there(unit: Unit, world: World, person: Person, start: int, end: int) -> bool:
    """False for who is away at some moment of this time, or cannot be reached now: named all the
    same, they would leave the seat empty without anybody seeing it."""
    reach = await reachable_people(unit, world)
    if person.key not in reach or not reach[person.key].works:
        return False
    roster = await roster_of(unit, [person.partner], since=start, span_ms=end - start)
    away = roster.absences_of([person.key])
    return not any(each.start < end and (each.end is None or each.end > start) for each in away)
