"""When somebody is on duty next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from commands.roster.load import roster_of
from commands.rules.roster.course import LOOK_AHEAD, stretches
from commands.rules.roster.rule import DutyRole, Roster, Seat
from storage.store import Unit
from storage.tables import Person


@dataclass(frozen=True)
class OwnShift:
    """From `start` to just before `end` somebody stands in a seat, in one role."""

    seat: Seat
    role: DutyRole
    start: int
    end: int


async def next_duty(unit: Unit, person: Person) -> int | None:
    """When this person's duty begins (now, if it runs); None: not within eight days."""
    roster = await roster_of(unit, [person.partner])
    coming = own_shifts(roster, person, unit.now, unit.now + LOOK_AHEAD)
    return min((shift.start for shift in coming), default=None)


def own_shifts(roster: Roster, person: Person, from_ms: int, until_ms: int) -> list[OwnShift]:
    """Every shift of this person that touches this time, in order, cut off at its ends."""
    seats = [
        seat
        for function in person.functions.split()
        for seat in roster.seats_of(person.partner, function)
    ]
    return shifts_in(roster, seats, person.key, from_ms, until_ms)


def shifts_in(
    roster: Roster, seats: Iterable[Seat], key: str, from_ms: int, until_ms: int
) -> list[OwnShift]:
    """The same in these seats, whatever functions the person has."""
    found = [shift for seat in seats for shift in _in_seat(roster, seat, key, from_ms, until_ms)]
    return sorted(found, key=lambda shift: (shift.start, shift.seat.function, shift.role))


def _in_seat(
    roster: Roster, seat: Seat, key: str, from_ms: int, until_ms: int
) -> Iterator[OwnShift]:
    last: OwnShift | None = None
    for stretch in stretches(roster, seat, from_ms, until_ms):
        role: DutyRole | None = None
        if key == stretch.primary:
            role = "primary"
        elif key == stretch.backup:
            role = "backup"
        if last is not None and role == last.role and last.end == stretch.start:
            last = OwnShift(seat, last.role, last.start, stretch.end)
            continue
        if last is not None:
            yield last
        last = OwnShift(seat, role, stretch.start, stretch.end) if role else None
    if last is not None:
        yield last
