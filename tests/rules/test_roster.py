"""The roster, against an oracle that walks minute by minute along the clock on the wall."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commands.rules.moments import DAY, HOUR, MINUTE, instant, local
from commands.rules.roster import DutyRule, Gap, OnDuty, gaps, on_duty, stretches

MONDAY, FRIDAY, SATURDAY = 0, 4, 5
EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
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
    return DutyRule(
        number, "rvdk", "contact", days, start, end, primary, backup, valid_from, valid_until
    )


def at(day: date, hour: int, minute: int = 0) -> int:
    return instant(day, time(hour, minute))


def who(rules: list[DutyRule], ms: int, holidays: frozenset[date] = frozenset()) -> OnDuty:
    return on_duty(rules, "rvdk", "contact", ms, holidays)


OFFICE = duty(1, WORKDAYS, time(8), time(17), "office", "office2")
PIKET = duty(2, WORKDAYS, time(17), time(8), "home", "home2")
WEEKEND_PIKET = duty(3, WEEKEND, time(8), time(8), "weekend")


def test_office_hours_then_home_piket() -> None:
    roster = [OFFICE, PIKET]
    assert who(roster, at(ORDINARY, 15, 40)) == OnDuty("office", "office2", at(ORDINARY, 17))
    saturday = ORDINARY + timedelta(days=1)
    assert who(roster, at(ORDINARY, 17)) == OnDuty("home", "home2", at(saturday, 8))
    monday = ORDINARY + timedelta(days=3)
    assert who(roster, at(saturday, 8)) == OnDuty(None, None, at(monday, 8))


def test_end_that_is_not_after_start_is_the_next_day() -> None:
    assert who([WEEKEND_PIKET], at(date(2026, 7, 12), 7, 59)).primary == "weekend"
    assert who([WEEKEND_PIKET], at(date(2026, 7, 13), 7, 59)).primary == "weekend"
    assert who([WEEKEND_PIKET], at(date(2026, 7, 13), 8)).primary is None


def test_same_people_day_after_day_is_no_change() -> None:
    always = duty(1, EVERY_DAY, time(9), time(9), "spoedlijn")
    assert who([always], at(ORDINARY, 3)) == OnDuty("spoedlijn", None, None)


def test_latest_rule_wins_as_a_whole_in_any_order() -> None:
    stand_in = duty(9, frozenset({FRIDAY}), time(12), time(16), "stand-in")
    for roster in ([OFFICE, stand_in], [stand_in, OFFICE]):
        assert who(roster, at(ORDINARY, 11)) == OnDuty("office", "office2", at(ORDINARY, 12))
        assert who(roster, at(ORDINARY, 12)) == OnDuty("stand-in", None, at(ORDINARY, 16))
        assert who(roster, at(ORDINARY, 16)).primary == "office"


def test_other_partners_and_functions_do_not_count() -> None:
    assert on_duty([OFFICE], "om", "contact", at(ORDINARY, 9)).primary is None
    assert on_duty([OFFICE], "rvdk", "ovj", at(ORDINARY, 9)).primary is None


def test_validity_counts_for_the_day_on_which_the_duty_starts() -> None:
    night = duty(1, EVERY_DAY, time(22), time(6), "night", None, ORDINARY, ORDINARY)
    assert who([night], at(ORDINARY, 3)).primary is None
    assert who([night], at(ORDINARY, 22)).primary == "night"
    assert who([night], at(ORDINARY + timedelta(days=1), 5)).primary == "night"
    assert who([night], at(ORDINARY + timedelta(days=1), 22)).primary is None


def test_public_holidays_count_as_weekend() -> None:
    holiday = frozenset({ORDINARY})
    assert who([OFFICE, WEEKEND_PIKET], at(ORDINARY, 10), holiday).primary == "weekend"


def test_gaps_name_partner_function_and_hours() -> None:
    saturday = ORDINARY + timedelta(days=1)
    nights = duty(2, WORKDAYS, time(17), time(22), "evening")
    weekend = duty(3, WEEKEND, time(8), time(20), "weekend")
    found = gaps([OFFICE, nights, weekend], "rvdk", ["contact"], at(ORDINARY, 9), at(saturday, 12))
    assert found == (Gap("rvdk", "contact", at(ORDINARY, 22), at(saturday, 8), "primary"),)


def test_gap_without_backup_is_asked_for_apart() -> None:
    day = (at(ORDINARY, 9), at(ORDINARY, 20))
    alone = duty(1, WORKDAYS, time(8), time(17), "office")
    assert gaps([alone], "rvdk", ["contact"], *day, roles=("backup",)) == (
        Gap("rvdk", "contact", *day, "backup"),
    )


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
@pytest.mark.parametrize("handover", [time(1, 30), time(2), time(2, 30), time(3)])
def test_handover_in_a_night_in_which_the_clock_moves_leaves_no_gap(
    night: date, handover: time
) -> None:
    roster = [
        duty(1, EVERY_DAY, time(18), handover, "evening"),
        duty(2, EVERY_DAY, handover, time(18), "night"),
    ]
    begin = at(night - timedelta(days=1), 12)
    assert gaps(roster, "rvdk", ["contact"], begin, begin + 2 * DAY) == ()


def test_handover_in_the_double_hour_overlaps_and_the_latest_wins() -> None:
    first = duty(1, EVERY_DAY, time(18), time(2, 30), "evening")
    second = duty(2, EVERY_DAY, time(2, 30), time(18), "night")
    assert who([first, second], at(AUTUMN, 2, 30)).primary == "night"
    earlier_wins = [duty(3, EVERY_DAY, time(18), time(2, 30), "evening"), second]
    assert who(earlier_wins, at(AUTUMN, 2, 30) + HOUR - 1).primary == "evening"
    assert who(earlier_wins, at(AUTUMN, 2, 30) + HOUR).primary == "night"


# --- against the oracle -------------------------------------------------------------------------

times = st.one_of(
    st.sampled_from([time(0), time(2), time(2, 30), time(3), time(8), time(22)]),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
names = st.one_of(st.none(), st.sampled_from(["ann", "bas", "cor"]))
some_days = st.frozensets(st.integers(0, 6), max_size=7)
validity = st.one_of(st.none(), st.sampled_from([SPRING, AUTUMN, ORDINARY]))


@st.composite
def rosters(draw: st.DrawFn) -> list[DutyRule]:
    count = draw(st.integers(0, 4))
    return [
        duty(
            number,
            draw(st.one_of(st.just(EVERY_DAY), some_days)),
            draw(times),
            draw(times),
            draw(names),
            draw(names),
            draw(validity),
            draw(validity),
        )
        for number in range(count)
    ]


def oracle(rules: list[DutyRule], begin: int, minutes: int) -> list[tuple[str | None, str | None]]:
    """Who is on duty in each minute. A duty runs from when the wall has once shown its start, or
    later, until it is past its end for good or shows its end for the last time."""
    margin = 3 * 60
    line = [begin + step * MINUTE for step in range(-margin, minutes + margin)]
    walls = [local(ms).replace(tzinfo=None) for ms in line]
    reached = walls[:]
    for i in range(1, len(walls)):
        reached[i] = max(reached[i - 1], walls[i])
    for_good = walls[:]
    for i in reversed(range(len(walls) - 1)):
        for_good[i] = min(for_good[i + 1], walls[i])
    answer: list[tuple[str | None, str | None]] = []
    for i in range(margin, margin + minutes):
        holder: tuple[str | None, str | None] = (None, None)
        for rule in rules:
            if any(
                start <= reached[i] and (for_good[i] < end or for_good[i + 1] <= end)
                for start, end in _duties(rule, walls[i].date())
            ):
                holder = (rule.primary, rule.backup)
        answer.append(holder)
    return answer


def _duties(rule: DutyRule, today: date) -> list[tuple[datetime, datetime]]:
    found = []
    for day in (today - timedelta(days=1), today):
        if day.weekday() not in rule.weekdays:
            continue
        if rule.valid_from is not None and day < rule.valid_from:
            continue
        if rule.valid_until is not None and day > rule.valid_until:
            continue
        end = datetime.combine(day, rule.end)
        if rule.end <= rule.start:
            end += timedelta(days=1)
        found.append((datetime.combine(day, rule.start), end))
    return found


@settings(max_examples=100, deadline=None)
@given(rosters(), st.sampled_from([SPRING, AUTUMN, ORDINARY]))
@example([duty(0, EVERY_DAY, time(2, 30), time(2, 10), "ann")], AUTUMN)
@example([duty(0, EVERY_DAY, time(2, 30), time(2, 30), "ann")], SPRING)
@example([duty(0, EVERY_DAY, time(0), time(2), "ann")], AUTUMN)
@example([duty(0, EVERY_DAY, time(0), time(3), "ann")], AUTUMN)
@example([duty(0, EVERY_DAY, time(3), time(2), "ann")], SPRING)
def test_agrees_with_the_oracle_in_every_minute(rules: list[DutyRule], night: date) -> None:
    begin = at(night - timedelta(days=1), 20)
    minutes = 16 * 60
    course = stretches(rules, "rvdk", "contact", begin, begin + minutes * MINUTE)
    told = [
        (stretch.primary, stretch.backup)
        for stretch in course
        for _ in range(stretch.start, stretch.end, MINUTE)
    ]
    assert told == oracle(rules, begin, minutes)


@settings(max_examples=100, deadline=None)
@given(rosters(), st.integers(0, 72 * 60), st.sampled_from([SPRING, AUTUMN, ORDINARY]))
def test_what_is_said_of_now_holds_until_it_changes(
    rules: list[DutyRule], minute: int, night: date
) -> None:
    now = at(night - timedelta(days=2), 12) + minute * MINUTE
    said = who(rules, now)
    if said.until_ms is None:
        later = who(rules, now + 7 * DAY)
        assert (later.primary, later.backup) == (said.primary, said.backup) or any(
            rule.valid_from or rule.valid_until for rule in rules
        )
        return
    just_before = who(rules, said.until_ms - 1)
    then = who(rules, said.until_ms)
    assert (just_before.primary, just_before.backup) == (said.primary, said.backup)
    assert (then.primary, then.backup) != (said.primary, said.backup)


@settings(max_examples=40, deadline=None)
@given(rosters(), st.sampled_from([SPRING, AUTUMN, ORDINARY]))
def test_gaps_are_exactly_where_nobody_is_primary(rules: list[DutyRule], night: date) -> None:
    begin, end = at(night - timedelta(days=1), 0), at(night + timedelta(days=2), 0)
    found = gaps(rules, "rvdk", ["contact"], begin, end)
    for stretch in stretches(rules, "rvdk", "contact", begin, end):
        inside = any(gap.start <= stretch.start and stretch.end <= gap.end for gap in found)
        assert inside is (stretch.primary is None)
    assert all(one.end < other.start for one, other in pairwise(found))
