"""What a picture of a roster tells: days, seats, and who stands where. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from commands.rules.moments import instant, local
from commands.rules.roster.course import Stretch, stretches
from commands.rules.roster.gaps import Gap, gaps
from commands.rules.roster.rule import DutyRole, Roster, Seat

SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """A column: a day on the wall clock, which twice a year is not 24 hours long."""

    date: date
    start: int  # UTC epoch milliseconds
    end: int
    off: bool  # weekend or public holiday


@dataclass(frozen=True)
class Span:
    """From `start` to just before `end` this person stands there, or nobody."""

    start: int
    end: int
    person: str | None


@dataclass(frozen=True)
class Row:
    """One seat. `backup` is empty where no backup is ever planned."""

    seat: Seat
    primary: tuple[Span, ...]
    backup: tuple[Span, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything on the picture but its words."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]  # without primary, from now on
    now: int

    @property
    def people(self) -> frozenset[str]:
        """Who stands somewhere."""
        spans = (span for row in self.rows for span in (*row.primary, *row.backup))
        return frozenset(span.person for span in spans if span.person is not None)


def sheet_of(roster: Roster, seats: Sequence[Seat], first: date, days: int, now: int) -> Sheet:
    """The sheet of so many days from `first` on."""
    columns = tuple(_day(first + timedelta(days=number), roster) for number in range(days))
    start, end = columns[0].start, columns[-1].end
    rows = tuple(_row(roster, seat, start, end) for seat in seats)
    ahead = gaps(roster, seats, max(start, min(now, end)), end) if now < end else ()
    return Sheet(columns, rows, ahead, now)


def midnight(day: date) -> int:
    """When a day begins."""
    return instant(day, time())


def today(now: int) -> date:
    """The day on the wall."""
    return local(now).date()


def _day(day: date, roster: Roster) -> Day:
    off = day.weekday() >= SATURDAY or day in roster.holidays
    return Day(day, midnight(day), midnight(day + timedelta(days=1)), off)


def _row(roster: Roster, seat: Seat, start: int, end: int) -> Row:
    course = stretches(roster, seat, start, end)
    backup = _spans(course, "backup")
    if all(span.person is None for span in backup):
        backup = ()
    return Row(seat, _spans(course, "primary"), backup)


def _spans(course: Sequence[Stretch], role: DutyRole) -> tuple[Span, ...]:
    """Neighbouring stretches of the same person are one."""
    found: list[Span] = []
    for stretch in course:
        person = stretch.holder(role)
        if found and found[-1].person == person:
            found[-1] = Span(found[-1].start, stretch.end, person)
        else:
            found.append(Span(stretch.start, stretch.end, person))
    return tuple(found)
