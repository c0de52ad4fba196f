"""What somebody would leave behind: open cases that hang on them, and shifts to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from commands.people import row_id
from commands.roster.load import roster_of
from commands.roster.next_duty import OwnShift, shifts_in
from commands.rules.moments import DAY
from storage.store import Unit
from storage.tables import Case, Chain, Page, Person

SHIFTS_WITHIN_MS = 60 * DAY  # how far ahead a roster is looked through for somebody


@dataclass(frozen=True)
class Held:
    """Open cases of one person: those that they took, and those that they raised."""

    taken: tuple[Case, ...]
    raised: tuple[Case, ...]

    @property
    def count(self) -> int:
        """How many cases that are."""
        return len({row_id(case) for case in (*self.taken, *self.raised)})

    def __bool__(self) -> bool:
        return bool(self.taken or self.raised)


async def held_by(unit: Unit, person: Person) -> Held:
    """The open cases that somebody else has to take over from them, oldest first."""
    raised = await unit.session.exec(
        select(Case)
        .where(Case.initiator_id == row_id(person), Case.state == "open")
        .order_by(col(Case.id))
    )
    taken = {row_id(case): case for _, case in await taken_chains(unit, person)}
    return Held(tuple(taken.values()), tuple(raised.all()))


async def taken_chains(unit: Unit, person: Person) -> Sequence[tuple[Chain, Case]]:
    """The chains of open cases in which this person said "ik pak op"."""
    found = await unit.session.exec(
        select(Chain, Case)
        .join(Page, col(Page.id) == col(Chain.acked_page_id))
        .join(Case, col(Case.id) == col(Chain.case_id))
        .where(Page.person_id == row_id(person), Case.state == "open")
        .order_by(col(Chain.id))
    )
    return found.all()


async def coming_shifts(
    unit: Unit, person: Person, within_ms: int = SHIFTS_WITHIN_MS
) -> Sequence[OwnShift]:
    """The shifts of this person that run or begin within that time, in every seat of the
    organisation: a roster may name somebody for a function that they no longer have."""
    if not person.partner:
        return ()
    roster = await roster_of(unit, [person.partner], span_ms=within_ms)
    named = [rule.seat for rule in roster.rules] + [each.seat for each in roster.changes]
    seats = dict.fromkeys(
        seat
        for function in dict.fromkeys(seat.function for seat in named)
        for seat in roster.seats_of(person.partner, function)
    )
    return shifts_in(roster, seats, person.key, unit.now, unit.now + within_ms)
