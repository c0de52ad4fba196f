"""The clocks of a case: deadlines, the Friday flag, the ZSM clock with its worked examples."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.clocks import (
    Limits,
    confirm_is_stale,
    consult_by,
    is_late_alarm,
    take_by,
    zsm_decision_by,
)
from commands.rules.moments import HOUR, MINUTE, instant, local

FRIDAY = date(2026, 7, 10)


def on(day: date, hour: int, minute: int = 0) -> int:
    return instant(day, time(hour, minute))


def shown(ms: int) -> str:
    return f"{local(ms):%d-%m %H:%M}"


def test_friday_story_deadlines() -> None:
    urgent = Limits(take_ms=10 * MINUTE, consult_ms=3 * HOUR)
    received = on(FRIDAY, 15, 40)
    assert take_by(received, urgent) == on(FRIDAY, 15, 50)
    assert consult_by(received, urgent) == on(FRIDAY, 18, 40)


@pytest.mark.parametrize(
    ("ms", "late"),
    [
        (on(FRIDAY, 12) - 1, False),
        (on(FRIDAY, 12), True),
        (on(FRIDAY, 23, 59), True),
        (on(date(2026, 7, 11), 0), False),
        (on(date(2026, 7, 9), 15), False),
    ],
)
def test_late_is_friday_from_noon_on_the_wall(ms: int, late: bool) -> None:
    assert is_late_alarm(ms) is late


def test_confirmation_after_the_limit_asks_again() -> None:
    assert not confirm_is_stale(0, 30 * MINUTE, 30 * MINUTE)
    assert confirm_is_stale(0, 30 * MINUTE + 1, 30 * MINUTE)


@pytest.mark.parametrize(
    ("held", "due"),
    [
        ("06-07 21:30", "07-07 15:30"),
        ("06-07 10:00", "06-07 19:00"),
        ("06-07 03:00", "06-07 18:00"),
    ],
)
def test_zsm_worked_examples(held: str, due: str) -> None:
    moment = datetime.strptime(held, "%d-%m %H:%M")  # noqa: DTZ007 (wall clock)
    assert shown(zsm_decision_by(on(date(2026, 7, moment.day), moment.hour, moment.minute))) == due


@pytest.mark.parametrize("evening", [date(2026, 3, 28), date(2026, 10, 24)])
def test_zsm_nights_in_which_the_clock_moves_change_nothing(evening: date) -> None:
    assert shown(zsm_decision_by(on(evening, 21, 30)))[-5:] == "15:30"
    assert shown(zsm_decision_by(on(evening, 3)))[-5:] == "18:00"


def test_zsm_six_hours_without_custody() -> None:
    assert shown(zsm_decision_by(on(FRIDAY, 21, 30), custody_possible=False)) == "11-07 12:30"


@given(st.integers(0, 40 * 365 * 24 * 60), st.booleans())
def test_zsm_counts_exactly_the_hours_that_count(minute: int, custody: bool) -> None:
    held = minute * MINUTE
    due = zsm_decision_by(held, custody_possible=custody)
    counted = sum(local(at).hour >= 9 for at in range(held, due, MINUTE))
    assert counted == (9 if custody else 6) * 60
    assert due == held or local(due - 1).hour >= 9
