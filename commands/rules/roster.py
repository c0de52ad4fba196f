"""The roster: who is on duty. Rules on the wall clock, answers in instants (milliseconds UTC)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby, pairwise
from typing import Literal

from commands.rules.moments import DAY, instant, last_instant, local

SUNDAY = 6
LOOK_AHEAD = 8 * DAY  # a weekly table has come round once
NO_HOLIDAYS: frozenset[date] = frozenset()

DutyRole = Literal["primary", "backup"]


@dataclass(frozen=True)
class DutyRule:
    """A duty that comes back every week. Monday is 0; `end` not after `start` is the next day.

    A duty belongs to the day on which it starts, also for `valid_from` and `valid_until` (both
    days included). `id` grows with every rule that is added: the latest rule wins.
    """

    id: int
    partner: str
    function: str
    weekdays: frozenset[int]
    start: time
    end: time
    primary: str | None
    backup: str | None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class OnDuty:
    """Who is on duty, and the instant at which that changes (None: not within eight days)."""

    primary: str | None
    backup: str | None
    until_ms: int | None


@dataclass(frozen=True)
class Gap:
    """From `start` to just before `end` nobody stands in this role."""

    partner: str
    function: str
    start: int
    end: int
    role: DutyRole


@dataclass(frozen=True)
class Stretch:
    """From `start` to just before `end` the same people are on duty."""

    start: int
    end: int
    primary: str | None
    backup: str | None


def on_duty(
    rules: Iterable[DutyRule],
    partner: str,
    function: str,
    now: int,
    holidays: frozenset[date] = NO_HOLIDAYS,
) -> OnDuty:
    """Who has this duty now. Where rules overlap, the latest one wins as a whole."""
    horizon = now + LOOK_AHEAD
    first = stretches(rules, partner, function, now, horizon, holidays)[0]
    until = first.end if first.end < horizon else None
    return OnDuty(first.primary, first.backup, until)


def gaps(
    rules: Iterable[DutyRule],
    partner: str,
    functions: Iterable[str],
    from_ms: int,
    until_ms: int,
    holidays: frozenset[date] = NO_HOLIDAYS,
    roles: Iterable[DutyRole] = ("primary",),
) -> tuple[Gap, ...]:
    """When nobody stands in these roles, in order of time."""
    rules, roles = tuple(rules), tuple(roles)
    found: list[Gap] = []
    for function in functions:
        course = stretches(rules, partner, function, from_ms, until_ms, holidays)
        for role in roles:
            for nobody, run in groupby(course, key=lambda s: _holder(s, role) is None):
                if nobody:
                    parts = list(run)
                    found.append(Gap(partner, function, parts[0].start, parts[-1].end, role))
    return tuple(sorted(found, key=lambda gap: gap.start))


def stretches(
    rules: Iterable[DutyRule],
    partner: str,
    function: str,
    from_ms: int,
    until_ms: int,
    holidays: frozenset[date] = NO_HOLIDAYS,
) -> tuple[Stretch, ...]:
    """The course of one duty: stretches without holes between them, neighbours always differ."""
    shifts = [
        shift
        for rule in rules
        if (rule.partner, rule.function) == (partner, function)
        for shift in _shifts(rule, from_ms, until_ms, holidays)
    ]
    edges = {edge for shift in shifts for edge in (shift.start, shift.end)}
    inside = sorted(edge for edge in edges if from_ms < edge < until_ms)
    course: list[Stretch] = []
    for start, end in pairwise([from_ms, *inside, until_ms]):
        running = [shift.rule for shift in shifts if shift.start <= start < shift.end]
        rule = max(running, key=lambda rule: rule.id, default=None)
        primary, backup = (rule.primary, rule.backup) if rule else (None, None)
        if course and (course[-1].primary, course[-1].backup) == (primary, backup):
            start = course.pop().start
        course.append(Stretch(start, end, primary, backup))
    return tuple(course)


@dataclass(frozen=True)
class _Shift:
    start: int
    end: int
    rule: DutyRule


def _shifts(
    rule: DutyRule, from_ms: int, until_ms: int, holidays: frozenset[date]
) -> Iterator[_Shift]:
    """The duties of one rule that may touch this time, as instants.

    It starts at the first passing of its hour and ends at the last one, so that in the autumn
    night two duties overlap and never leave a gap.
    """
    day = local(from_ms).date() - timedelta(days=1)
    last = local(until_ms).date()
    while day <= last:
        if _applies(rule, day, holidays):
            end_day = day if rule.end > rule.start else day + timedelta(days=1)
            yield _Shift(instant(day, rule.start), last_instant(end_day, rule.end), rule)
        day += timedelta(days=1)


def _applies(rule: DutyRule, day: date, holidays: frozenset[date]) -> bool:
    weekday = SUNDAY if day in holidays else day.weekday()  # public holidays count as weekend
    begun = rule.valid_from is None or rule.valid_from <= day
    over = rule.valid_until is not None and rule.valid_until < day
    return weekday in rule.weekdays and begun and not over


def _holder(stretch: Stretch, role: DutyRole) -> str | None:
    return stretch.primary if role == "primary" else stretch.backup
