"""What is wrong with a roster costs points, and says what for."""

from dataclasses import replace
from datetime import time

from hypothesis import given, settings

from commands.rules.moments import DAY
from commands.rules.roster.quality import Reason, quality
from commands.rules.roster.rule import Roster, Seat
from tests.rules.roster.build import EVERY_DAY, ORDINARY, SEAT, WORKDAYS, at, duty, roster
from tests.rules.roster.test_properties import rosters

BEGIN = at(ORDINARY, 8)
END = BEGIN + 14 * DAY


def score(plan: Roster, *seats: Seat) -> tuple[int, set[str]]:
    found = quality(plan, seats or (SEAT,), BEGIN, END)
    return found.points, {reason.finding for reason in found.reasons}


def halves(*pairs: tuple[str, str]) -> Roster:
    """Shifts of equal length all day, one after the other."""
    hours = 24 // len(pairs)
    return roster(
        *(
            duty(n, EVERY_DAY, time(n * hours), time((n + 1) * hours % 24), primary, backup)
            for n, (primary, backup) in enumerate(pairs)
        )
    )


def test_enough_people_day_and_night_is_a_hundred() -> None:
    assert score(halves(("ann", "bas"), ("cor", "dirk"))) == (100, set())


def test_nobody_at_all_is_the_worst() -> None:
    points, found = score(roster())
    assert points == 40
    assert found == {"gap"}


def test_a_gap_costs_more_than_a_missing_backup() -> None:
    nights = duty(2, EVERY_DAY, time(20), time(8), "cor", "dirk")
    without_day = roster(nights)
    alone_by_day = roster(nights, duty(1, EVERY_DAY, time(8), time(20), "ann"))
    assert score(without_day)[0] < score(alone_by_day)[0] < 100
    assert score(alone_by_day)[1] == {"no_backup"}


def test_one_person_for_all_hours_has_too_much_and_too_long() -> None:
    found = quality(halves(("ann", "bas")), [SEAT], BEGIN, END)
    assert {reason.finding: reason.count for reason in found.reasons} == {
        "too_much": 1,
        "too_long": 1,
    }


def test_who_stands_in_two_places_at_once_is_found() -> None:
    here = duty(1, WORKDAYS, time(9), time(10), "ann")
    other = Seat("rvdk", "spoedlijn")
    there = replace(here, id=2, seat=other)
    assert "twice" not in score(roster(here), SEAT, other)[1]
    assert "twice" in score(roster(here, there), SEAT, other)[1]


def test_hours_without_anybody_are_counted() -> None:
    office = roster(duty(1, EVERY_DAY, time(0), time(20), "ann", "bas"))
    (gap, *_) = quality(office, [SEAT], BEGIN, END).reasons
    assert gap == Reason("gap", 14, 14 * 4)


@settings(max_examples=60, deadline=None)
@given(rosters())
def test_points_are_between_nothing_and_a_hundred_and_always_explained(plan: Roster) -> None:
    found = quality(plan, [SEAT], BEGIN, END)
    assert 0 <= found.points <= 100
    assert (found.points == 100) <= (not any(r.finding == "gap" for r in found.reasons))
    assert bool(found.reasons) >= (found.points < 100)
