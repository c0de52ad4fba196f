"""Instants and the wall clock, also in the two nights in which it moves."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.moments import (
    AMSTERDAM,
    DAY,
    HOUR,
    MINUTE,
    instant,
    last_instant,
    local,
    week_bounds,
    week_of,
)

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
days = st.one_of(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from([SPRING, AUTUMN]))
clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def wall(ms: int) -> datetime:
    return local(ms).replace(tzinfo=None)


@given(days, clocks)
def test_instant_is_the_first_at_which_the_wall_has_come_that_far(day: date, clock: time) -> None:
    asked = datetime.combine(day, clock)
    at = instant(day, clock)
    assert wall(at) >= asked
    assert all(wall(at - step * MINUTE) < asked for step in range(1, 122))


@given(days, clocks)
def test_last_instant_is_the_last_at_which_the_wall_shows_it(day: date, clock: time) -> None:
    asked = datetime.combine(day, clock)
    at = last_instant(day, clock)
    assert instant(day, clock) <= at
    assert all(wall(at + step * MINUTE) > asked for step in range(1, 122))


@given(days, clocks, clocks)
def test_later_on_the_wall_is_never_earlier(day: date, one: time, other: time) -> None:
    early, late = sorted([one, other])
    assert instant(day, early) <= instant(day, late)
    assert last_instant(day, early) <= last_instant(day, late)


def test_spring_hour_that_is_left_out_is_the_jump() -> None:
    jump = instant(SPRING, time(3))
    assert instant(SPRING, time(2)) == instant(SPRING, time(2, 30)) == jump
    assert last_instant(SPRING, time(2, 30)) == jump
    assert jump - instant(SPRING, time(1)) == HOUR


def test_autumn_hour_that_comes_twice() -> None:
    assert last_instant(AUTUMN, time(2, 30)) - instant(AUTUMN, time(2, 30)) == HOUR
    assert last_instant(AUTUMN, time(3)) == instant(AUTUMN, time(3))


@given(st.integers(1_577_836_800_000, 2_000_000_000_000))
def test_local_keeps_the_instant_to_the_millisecond(ms: int) -> None:
    shown = local(ms)
    assert shown.tzinfo is AMSTERDAM
    since = shown.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    assert since == timedelta(milliseconds=ms)


@given(st.integers(1_577_836_800_000, 2_000_000_000_000))
def test_every_instant_lies_in_its_week(ms: int) -> None:
    start, end = week_bounds(*week_of(ms))
    assert start <= ms < end
    assert week_of(start) == week_of(end - 1) == week_of(ms) != week_of(end)


def test_weeks_in_which_the_clock_moves_are_an_hour_off() -> None:
    start, end = week_bounds(2026, 13)
    assert end - start == 7 * DAY - HOUR
    start, end = week_bounds(2026, 43)
    assert end - start == 7 * DAY + HOUR


def test_a_week_that_the_year_does_not_have() -> None:
    with pytest.raises(ValueError, match="53"):
        week_bounds(2027, 53)
