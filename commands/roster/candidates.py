"""Whom to call for an alarm, and in which order."""

from collections.abc import Collection, Iterable

from commands.people import People, callable_people
from commands.roster.load import roster_of
from commands.rules.chain import Candidate, Role
from commands.rules.roster.course import Stretch, stretches
from storage.store import Unit

Function = tuple[str, str]  # partner and duty function


async def candidates(
    unit: Unit,
    functions: Iterable[Function],
    at: int,
    place: str | None,
    also: Collection[str] = (),
) -> tuple[list[tuple[Candidate, ...]], People]:
    """Whom to call for each function at an instant (UTC epoch milliseconds), in order, and who
    they are. `place` is the district of the alarm, for functions that have one person for each.
    Somebody without a messenger counts as nobody, unless they are in `also`: people (by key) who
    are reached in another way."""
    functions = tuple(functions)
    partners = {partner for partner, _ in functions}
    roster = await roster_of(unit, partners, since=at, span_ms=1)
    on_duty = [
        (partner, stretches(roster, roster.seat_at(partner, function, place), at, at + 1)[0])
        for partner, function in functions
    ]
    named = {key for _, now in on_duty for key in (now.primary, now.backup) if key is not None}
    people = await callable_people(unit, named, partners)
    reached = {key for key, (_, identity) in people.items() if identity or key in also}
    return [_in_order(people, reached, partner, now) for partner, now in on_duty], people


def _in_order(
    people: People, reached: Collection[str], partner: str, now: Stretch
) -> tuple[Candidate, ...]:
    wanted: list[tuple[str | None, Role]] = [(now.primary, "primary"), (now.backup, "backup")]
    wanted += [
        (key, "contact_point")
        for key, (person, _) in people.items()
        if person.partner == partner and person.has_role("contact_point")
    ]
    return tuple(Candidate(key if key in reached else None, role) for key, role in wanted)
