"""Rosters in one line each, for tests."""

from datetime import date, time, timedelta

from commands.rules.moments import instant
from commands.rules.roster.rule import Absence, Change, DutyRule, Pair, Roster, Seat

SEAT = Seat("rvdk", "contact")
EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
FRIDAY = 4
SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
ORDINARY = date(2026, 7, 10)  # a Friday


def duty(
    number: int,
    days: frozenset[int],
    start: time,
    end: time,
    primary: str | None,
    backup: str | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> DutyRule:
    """The same pair every week."""
    pair = (Pair(primary, backup),)
    return DutyRule(
        number, SEAT, days, start, end, pair, valid_from=valid_from, valid_until=valid_until
    )


def roster(
    *rules: DutyRule,
    changes: tuple[Change, ...] = (),
    absences: tuple[Absence, ...] = (),
    holidays: frozenset[date] = frozenset(),
    reachable: frozenset[str] | None = None,
) -> Roster:
    return Roster(rules, changes, absences, holidays, reachable)


def at(day: date, hour: int, minute: int = 0) -> int:
    return instant(day, time(hour, minute))


def days_later(day: date, days: int) -> date:
    return day + timedelta(days=days)
