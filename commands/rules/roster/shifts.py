"""From rules to shifts: the duties that come back, as stretches of time on the world's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from commands.rules.moments import instant, last_instant, local
from commands.rules.roster.rule import HOLIDAY, SUNDAY, DutyRule, Pair

_DAY = timedelta(days=1)
_begin = lru_cache(maxsize=16_384)(instant)  # a year of sixty functions asks the same hours
_finish = lru_cache(maxsize=16_384)(last_instant)


@dataclass(frozen=True, slots=True)
class Shift:
    """One duty of one rule, from `start` to just before `end`."""

    start: int
    end: int
    rule: DutyRule
    pair: Pair
    order: tuple[bool, bool, int, int]  # the lowest counts where shifts run together


def shifts(
    rule: DutyRule, from_ms: int, until_ms: int, holidays: frozenset[date]
) -> Iterator[Shift]:
    """The duties of one rule that touch this time.

    A duty starts at the first passing of its hour and ends at the last one, so that in the autumn
    night two duties overlap and never leave a gap.
    """
    day, last = local(from_ms).date() - _DAY, local(until_ms).date()
    if rule.valid_from is not None:
        day = max(day, rule.valid_from)
    if rule.valid_until is not None:
        last = min(last, rule.valid_until)
    overnight = _DAY if rule.end <= rule.start else timedelta()
    before = (not rule.temporary, rule.seat.place is None, -rule.id)
    while day <= last:
        if _is_on(rule, day, holidays):
            start, end = _begin(day, rule.start), _finish(day + overnight, rule.end)
            if start < until_ms and end > from_ms:
                # of one rule the duty that starts later
                yield Shift(start, end, rule, rule.pair(day), (*before, -start))
        day += _DAY


def _is_on(rule: DutyRule, day: date, holidays: frozenset[date]) -> bool:
    if day in holidays:
        return SUNDAY in rule.weekdays or HOLIDAY in rule.weekdays
    return day.weekday() in rule.weekdays
