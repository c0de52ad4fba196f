"""Agreements (afspraken): who does what before when, and when somebody is reminded.

Moments are milliseconds UTC.
"""

from datetime import date, time, timedelta

from commands.rules.moments import MINUTE, instant, local

REMIND_BEFORE = 30 * MINUTE
ASK_AGAIN_AT = time(9)
SATURDAY = 5


def remind_at(due: int, made_at: int) -> int | None:
    """When the owner is reminded; None when it was made so late that a reminder only repeats."""
    at = due - REMIND_BEFORE
    return None if at <= made_at else at


def overdue(due: int, now: int, done_at: int | None = None) -> bool:
    """Whether the deadline has passed and it is not done. On the deadline itself it has not."""
    return done_at is None and now > due


def ask_again_at(now: int, holidays: frozenset[date] = frozenset()) -> int:
    """What is overdue rings again at nine in the morning of the next working day."""
    day = local(now).date()
    while instant(day, ASK_AGAIN_AT) <= now or day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return instant(day, ASK_AGAIN_AT)
