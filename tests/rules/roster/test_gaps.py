"""When nobody stands there: no gap is invented and none is hidden."""

from datetime import date, time, timedelta

import pytest

from commands.rules.moments import AMSTERDAM, DAY, MINUTE, instant
from commands.rules.roster.course import stretches
from commands.rules.roster.gaps import Gap, gaps
from commands.rules.roster.rule import Why
from tests.rules.roster.build import (
    EVERY_DAY,
    ORDINARY,
    SEAT,
    WEEKEND,
    WORKDAYS,
    at,
    duty,
    roster,
)


def _nights_in_which_the_clock_moves(first: int, years: int) -> list[date]:
    """The law is asked, not a table: the days on which the offset at noon is another one."""
    found = []
    day = date(first, 1, 1)
    while day.year < first + years:
        before = day - timedelta(days=1)
        moved = {instant(each, time(12)) % DAY for each in (before, day)}
        if len(moved) == 2:
            found.append(day)
        day += timedelta(days=1)
    return found


NIGHTS = _nights_in_which_the_clock_moves(2026, 10)

OFFICE = duty(1, WORKDAYS, time(8), time(17), "office")


def test_there_are_twenty_such_nights_in_ten_years() -> None:
    assert len(NIGHTS) == 20
    assert str(AMSTERDAM) == "Europe/Amsterdam"


def test_gaps_name_seat_and_hours() -> None:
    saturday = ORDINARY + timedelta(days=1)
    nights = duty(2, WORKDAYS, time(17), time(22), "evening")
    weekend = duty(3, WEEKEND, time(8), time(20), "weekend")
    plan = roster(OFFICE, nights, weekend)
    found = gaps(plan, [SEAT], at(ORDINARY, 9), at(saturday, 12))
    assert found == (Gap(SEAT, at(ORDINARY, 22), at(saturday, 8), "primary"),)


def test_gap_without_backup_is_asked_for_apart() -> None:
    day = (at(ORDINARY, 9), at(ORDINARY, 20))
    assert gaps(roster(OFFICE), [SEAT], *day, roles=("backup",)) == (Gap(SEAT, *day, "backup"),)


def test_a_gap_says_why() -> None:
    day = (at(ORDINARY, 9), at(ORDINARY, 12))
    plan = roster(OFFICE, reachable=frozenset())
    assert [gap.why for gap in gaps(plan, [SEAT], *day)] == [Why("unreachable", person="office")]
    assert [gap.why for gap in gaps(roster(), [SEAT], *day)] == [None]


@pytest.mark.parametrize("night", NIGHTS, ids=str)
@pytest.mark.parametrize("handover", [time(1, 30), time(2), time(2, 30), time(3)])
def test_a_handover_leaves_no_gap_in_a_night_in_which_the_clock_moves(
    night: date, handover: time
) -> None:
    plan = roster(
        duty(1, EVERY_DAY, time(18), handover, "evening"),
        duty(2, EVERY_DAY, handover, time(18), "night"),
    )
    begin = at(night - timedelta(days=1), 12)
    assert gaps(plan, [SEAT], begin, begin + 2 * DAY) == ()


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_a_night_shift_over_the_change_has_its_real_length(night: date) -> None:
    """22:00 to 07:00: eight hours in spring, ten in autumn, nine between."""
    plan = roster(duty(1, EVERY_DAY, time(22), time(7), "night"))
    evening = night - timedelta(days=1)
    course = stretches(plan, SEAT, at(evening, 22), at(night, 7))
    assert [stretch.primary for stretch in course] == ["night"]
    hours = (course[0].end - course[0].start) / (60 * MINUTE)
    assert hours == (8 if night.month == 3 else 10)
