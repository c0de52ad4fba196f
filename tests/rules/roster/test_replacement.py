"""What a roster file changes, and what of it people notice."""

from datetime import date, time
from itertools import count

from commands.rules.moments import DAY
from commands.rules.roster.course import stretches
from commands.rules.roster.difference import difference
from commands.rules.roster.replacement import Planned, Replacement, carried_out, replacement
from commands.rules.roster.rule import Change, DutyRule, Pair, Roster, Seat
from tests.rules.roster.build import EVERY_DAY, ORDINARY, SEAT, WEEKEND, WORKDAYS, at, duty

NIGHT = duty(1, EVERY_DAY, time(22), time(8), "anna", "bert")
OFFICE = duty(2, WORKDAYS, time(8), time(22), "carl")
OTHER = DutyRule(3, Seat("om", "ovj"), EVERY_DAY, time(), time(), (Pair("olga"),))
FRIDAY = at(ORDINARY, 0)


def shift(day: int, person: str | None, begin: int = 8, end: int = 17) -> Planned:
    when = date(2026, 7, day)
    return Planned(SEAT, "primary", person, at(when, begin), at(when, end))


def changed(
    *rules: DutyRule, present: tuple[DutyRule, ...] = (NIGHT, OFFICE, OTHER)
) -> Replacement:
    return replacement(rules, (), (), None, present, {})


def test_a_file_with_what_is_there_changes_nothing() -> None:
    assert changed(NIGHT, OFFICE).changes_nothing
    assert changed(OTHER).changes_nothing


def test_rules_are_replaced_for_the_seats_in_the_file_only() -> None:
    weekend = duty(9, WEEKEND, time(8), time(22), "dora")
    change = changed(NIGHT, weekend)
    assert [rule.id for rule in change.rules_gone] == [2]
    assert [rule.turns[0].primary for rule in change.rules_new] == ["dora"]
    (tally,) = change.rules
    assert (tally.seat, tally.come, tally.go, tally.stay) == (SEAT, 1, 1, 1)


def test_another_order_is_another_roster_because_the_latest_wins() -> None:
    change = changed(OFFICE, NIGHT)
    assert not change.changes_nothing
    (tally,) = change.rules
    assert (tally.come, tally.go, tally.stay) == (0, 0, 2)
    after = carried_out(Roster((NIGHT, OFFICE, OTHER)), change)
    assert [rule.turns[0].primary for rule in after.rules] == ["olga", "carl", "anna"]
    numbers = [rule.id for rule in after.rules]
    assert numbers == sorted(numbers)


def test_planned_shifts_are_replaced_within_the_days_of_the_file() -> None:
    present = dict(zip(count(1), [shift(9, "a"), shift(10, "b"), shift(11, "c"), shift(13, "d")]))
    new = (shift(10, "b"), shift(12, "x"))
    days = (date(2026, 7, 10), date(2026, 7, 12))
    change = replacement((), new, (SEAT,), days, (), present)
    assert change.planned_gone == (3,)
    assert change.planned_new == (shift(12, "x"),)
    emptied = replacement((), (), (SEAT,), days, (), present)
    assert emptied.planned_gone == (2, 3), "a calendar from which all went"


def test_a_night_shift_at_the_edge_gives_way_only_where_it_must() -> None:
    night = Planned(SEAT, "primary", "a", at(date(2026, 7, 9), 22), at(date(2026, 7, 10), 8))
    early = shift(10, "b", 6, 12)
    days = (date(2026, 7, 10), date(2026, 7, 10))
    change = replacement((), (early,), (SEAT,), days, (), {1: night})
    assert change.planned_gone == (1,)
    kept = Planned(SEAT, "primary", "a", night.start, early.start)
    assert set(change.planned_new) == {early, kept}
    late = shift(10, "b", 9, 12)
    assert replacement((), (late,), (SEAT,), days, (), {1: night}).planned_gone == ()


def test_swaps_count_after_what_a_file_plans() -> None:
    swap = Change(5, SEAT, at(ORDINARY, 8), at(ORDINARY, 17), "b", "zoe", kind="swap")
    planned = replacement((), (shift(10, "b"),), (SEAT,), (ORDINARY, ORDINARY), (), {})
    after = carried_out(Roster(changes=(swap,)), planned)
    assert stretches(after, SEAT, at(ORDINARY, 9), at(ORDINARY, 10))[0].primary == "zoe"


def test_what_people_notice() -> None:
    before = Roster((NIGHT, OFFICE))
    weekend = duty(4, WEEKEND, time(8), time(22), "carl")
    after = Roster((NIGHT, weekend))
    found = difference(before, after, [SEAT], FRIDAY, FRIDAY + 3 * DAY)
    assert [(gap.start, gap.end) for gap in found.opened] == [(at(ORDINARY, 8), at(ORDINARY, 22))]
    assert [(gap.start, gap.end) for gap in found.closed] == [
        (at(date(2026, 7, day), 8), at(date(2026, 7, day), 22)) for day in (11, 12)
    ]
    assert found.shifts == 3
    same = difference(before, before, [SEAT], FRIDAY, FRIDAY + 14 * DAY)
    assert (same.shifts, same.opened, same.closed) == (0, (), ())


def test_another_backup_is_another_shift_but_no_gap() -> None:
    before = Roster((duty(1, EVERY_DAY, time(), time(), "anna", "bert"),))
    after = Roster((duty(1, EVERY_DAY, time(), time(), "anna"),))
    found = difference(before, after, [SEAT], FRIDAY, FRIDAY + DAY)
    assert (found.shifts, found.opened) == (1, ())
