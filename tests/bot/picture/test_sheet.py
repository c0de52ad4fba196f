"""What a picture tells of a roster: the same as the rule says, day by day."""

from datetime import date, time
from itertools import pairwise

from bot.picture.sheet import Sheet, Span, sheet_of
from commands.rules.moments import HOUR, instant
from commands.rules.roster.rule import DutyRule, Pair, Roster, Seat

OVJ = Seat("om", "ovj")
FRIDAY = date(2026, 7, 10)
NOW = instant(FRIDAY, time(15, 40))
WEEKDAYS = frozenset(range(5))


def rule(*pairs: Pair, start: int = 9, end: int = 17, days: frozenset[int] = WEEKDAYS) -> DutyRule:
    return DutyRule(1, OVJ, days, time(start), time(end), pairs or (Pair("a", "b"),))


def sheet(*rules: DutyRule, first: date = FRIDAY, now: int = NOW) -> Sheet:
    holidays = frozenset({date(2026, 7, 15)})
    return sheet_of(Roster(rules, holidays=holidays), [OVJ], first, 14, now)


def test_weekends_and_holidays_are_off() -> None:
    off = [day.date.day for day in sheet(rule()).days if day.off]
    assert off == [11, 12, 15, 18, 19]


def test_gaps_count_from_now_on_and_today_is_shown_whole() -> None:
    told = sheet(rule())
    (row,) = told.rows
    assert row.primary[0] == Span(instant(FRIDAY, time()), instant(FRIDAY, time(9)), None)
    assert told.gaps[0].start == instant(FRIDAY, time(17))
    assert all(gap.start >= NOW for gap in told.gaps)


def test_a_seat_without_any_backup_has_no_lane_for_it() -> None:
    (row,) = sheet(rule(Pair("a"))).rows
    assert row.backup == ()
    assert sheet(rule(Pair("a"))).people == {"a"}


def test_spans_lie_against_each_other_and_neighbours_differ() -> None:
    (row,) = sheet(rule(Pair("a", "b"), Pair("b", "a"), start=8, end=8)).rows
    for spans in (row.primary, row.backup):
        assert all(a.end == b.start for a, b in pairwise(spans))
        assert all(a.person != b.person for a, b in pairwise(spans))


def test_the_night_of_the_clock_is_one_column_of_25_hours() -> None:
    autumn = sheet(rule(), first=date(2026, 10, 20))
    lengths = {day.date.isoformat(): (day.end - day.start) // HOUR for day in autumn.days}
    assert lengths["2026-10-25"] == 25
    assert {length for day, length in lengths.items() if day != "2026-10-25"} == {24}


def test_after_its_days_nothing_is_a_gap_any_more() -> None:
    assert sheet(rule(), now=NOW + 400 * 24 * HOUR).gaps == ()
