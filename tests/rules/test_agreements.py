"""Agreements: when one rings, when it is too late."""

from datetime import date, time, timedelta

import pytest

from commands.rules.agreements import ask_again_at, overdue, remind_at
from commands.rules.moments import MINUTE, instant, local

FRIDAY = date(2026, 7, 10)
NOW = instant(FRIDAY, time(16, 5))


def test_reminder_half_an_hour_before_unless_it_only_repeats() -> None:
    due = instant(FRIDAY, time(18))
    assert remind_at(due, NOW) == due - 30 * MINUTE
    assert remind_at(due, due - 30 * MINUTE) is None
    assert remind_at(due, due - 10 * MINUTE) is None


def test_too_late_is_after_the_deadline_and_not_done() -> None:
    assert not overdue(NOW, NOW)
    assert overdue(NOW, NOW + 1)
    assert not overdue(NOW, NOW + 1, done_at=NOW + 1)


@pytest.mark.parametrize(
    ("day", "clock", "next_day"),
    [
        (FRIDAY, time(8, 59), FRIDAY),
        (FRIDAY, time(9), FRIDAY + timedelta(days=3)),
        (FRIDAY + timedelta(days=1), time(3), FRIDAY + timedelta(days=3)),
    ],
)
def test_rings_again_on_the_next_working_morning(day: date, clock: time, next_day: date) -> None:
    assert ask_again_at(instant(day, clock)) == instant(next_day, time(9))


def test_public_holiday_is_no_working_day() -> None:
    monday = FRIDAY + timedelta(days=3)
    again = local(ask_again_at(NOW, frozenset({monday})))
    assert (again.date(), again.time()) == (monday + timedelta(days=1), time(9))
