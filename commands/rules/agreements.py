"""Agreements (afspraken): who does what before when, and when somebody is reminded.

Moments are milliseconds UTC; what people type is a time on the wall clock.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

from commands.rules.moments import MINUTE, instant, local

REMIND_BEFORE = 30 * MINUTE
ASK_AGAIN_AT = time(9)
SATURDAY = 5


@dataclass(frozen=True)
class Due:
    """A deadline out of a typed time; `tomorrow` when that time had passed today, then we ask."""

    at: int
    tomorrow: bool


def due_for(clock: time, now: int) -> Due:
    """The next time that the wall shows this: today, or tomorrow when today's has passed."""
    today = local(now).date()
    at = instant(today, clock)
    if at > now:
        return Due(at, tomorrow=False)
    return Due(instant(today + timedelta(days=1), clock), tomorrow=True)


def remind_at(due: int, made_at: int | None = None, before: int = REMIND_BEFORE) -> int | None:
    """When the owner is reminded; None when it was made so late that a reminder only repeats."""
    at = due - before
    return None if made_at is not None and at <= made_at else at


def overdue(due: int, now: int, done_at: int | None = None) -> bool:
    """Whether the deadline has passed and it is not done. On the deadline itself it has not."""
    return done_at is None and now > due


def ask_again_at(now: int, holidays: frozenset[date] = frozenset()) -> int:
    """What is overdue rings again at nine in the morning of the next working day."""
    day = local(now).date()
    while instant(day, ASK_AGAIN_AT) <= now or day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return instant(day, ASK_AGAIN_AT)
