"""Who is on duty, pattern by pattern: every kind of roster that exists today."""

from datetime import date, time, timedelta

from commands.rules.moments import HOUR, MINUTE
from commands.rules.roster.course import OnDuty, on_duty, stretches
from commands.rules.roster.rule import Absence, Change, DutyRule, Pair, Roster, Seat, Why
from tests.rules.roster.build import (
    AUTUMN,
    EVERY_DAY,
    FRIDAY,
    ORDINARY,
    SEAT,
    WEEKEND,
    WORKDAYS,
    at,
    days_later,
    duty,
    roster,
)


def who(rules: list[DutyRule], ms: int, holidays: frozenset[date] = frozenset()) -> OnDuty:
    return on_duty(roster(*rules, holidays=holidays), SEAT, ms)


def primary(plan: Roster, ms: int, seat: Seat = SEAT) -> str | None:
    return on_duty(plan, seat, ms).primary


OFFICE = duty(1, WORKDAYS, time(8), time(17), "office", "office2")
PIKET = duty(2, WORKDAYS, time(17), time(8), "home", "home2")
WEEKEND_PIKET = duty(3, WEEKEND, time(8), time(8), "weekend")


def test_office_hours_then_home_piket() -> None:
    plan = [OFFICE, PIKET]
    assert who(plan, at(ORDINARY, 15, 40)) == OnDuty("office", "office2", at(ORDINARY, 17))
    saturday = ORDINARY + timedelta(days=1)
    assert who(plan, at(ORDINARY, 17)) == OnDuty("home", "home2", at(saturday, 8))
    monday = ORDINARY + timedelta(days=3)
    assert who(plan, at(saturday, 8)) == OnDuty(None, None, at(monday, 8))


def test_end_that_is_not_after_start_is_the_next_day() -> None:
    assert who([WEEKEND_PIKET], at(date(2026, 7, 12), 7, 59)).primary == "weekend"
    assert who([WEEKEND_PIKET], at(date(2026, 7, 13), 7, 59)).primary == "weekend"
    assert who([WEEKEND_PIKET], at(date(2026, 7, 13), 8)).primary is None


def test_same_people_day_after_day_is_no_change() -> None:
    always = duty(1, EVERY_DAY, time(9), time(9), "spoedlijn")
    assert who([always], at(ORDINARY, 3)) == OnDuty("spoedlijn", None, None)


def test_latest_rule_wins_as_a_whole_in_any_order() -> None:
    stand_in = duty(9, frozenset({FRIDAY}), time(12), time(16), "stand-in")
    for plan in ([OFFICE, stand_in], [stand_in, OFFICE]):
        assert who(plan, at(ORDINARY, 11)) == OnDuty("office", "office2", at(ORDINARY, 12))
        assert who(plan, at(ORDINARY, 12)) == OnDuty("stand-in", None, at(ORDINARY, 16))
        assert who(plan, at(ORDINARY, 16)).primary == "office"


def test_other_partners_and_functions_do_not_count() -> None:
    assert primary(roster(OFFICE), at(ORDINARY, 9), Seat("om", "contact")) is None
    assert primary(roster(OFFICE), at(ORDINARY, 9), Seat("rvdk", "ovj")) is None


def test_validity_counts_for_the_day_on_which_the_duty_starts() -> None:
    night = duty(1, EVERY_DAY, time(22), time(6), "night", None, ORDINARY, ORDINARY)
    assert who([night], at(ORDINARY, 3)).primary is None
    assert who([night], at(ORDINARY, 22)).primary == "night"
    assert who([night], at(ORDINARY + timedelta(days=1), 5)).primary == "night"
    assert who([night], at(ORDINARY + timedelta(days=1), 22)).primary is None


def test_public_holidays_count_as_weekend() -> None:
    holiday = frozenset({ORDINARY})
    assert who([OFFICE, WEEKEND_PIKET], at(ORDINARY, 10), holiday).primary == "weekend"


def test_handover_in_the_double_hour_overlaps_and_the_latest_wins() -> None:
    first = duty(1, EVERY_DAY, time(18), time(2, 30), "evening")
    second = duty(2, EVERY_DAY, time(2, 30), time(18), "night")
    assert who([first, second], at(AUTUMN, 2, 30)).primary == "night"
    earlier_wins = [duty(3, EVERY_DAY, time(18), time(2, 30), "evening"), second]
    assert who(earlier_wins, at(AUTUMN, 2, 30) + HOUR - 1).primary == "evening"
    assert who(earlier_wins, at(AUTUMN, 2, 30) + HOUR).primary == "night"


def turns(days: frozenset[int], turn: str, start: time, end: time, *who: str) -> DutyRule:
    """These people one after the other; the next in turn is backup."""
    pairs = tuple(Pair(key, who[(n + 1) % len(who)]) for n, key in enumerate(who))
    monday = date(2026, 7, 6)
    return DutyRule(
        1, SEAT, days, start, end, pairs, turn="day" if turn == "day" else "week", first_turn=monday
    )


def test_weeks_in_turn_with_the_handover_on_monday_at_nine() -> None:
    plan = roster(turns(EVERY_DAY, "week", time(9), time(9), "ann", "bas", "cor"))
    monday = date(2026, 7, 6)
    assert on_duty(plan, SEAT, at(monday, 9)) == OnDuty("ann", "bas", at(date(2026, 7, 13), 9))
    assert primary(plan, at(monday, 8, 59)) == "cor", "the turn before the first one"
    assert primary(plan, at(days_later(monday, 7), 8, 59)) == "ann"
    assert primary(plan, at(days_later(monday, 7), 9)) == "bas"
    assert primary(plan, at(days_later(monday, 21), 9)) == "ann"
    assert primary(plan, at(days_later(monday, -21), 9)) == "ann", "it always was so"


def test_days_in_turn_count_only_the_days_of_the_duty() -> None:
    plan = roster(turns(WORKDAYS, "day", time(13), time(22), "ann", "bas"))
    friday, monday = ORDINARY, days_later(ORDINARY, 3)
    assert primary(plan, at(friday, 14)) == "ann"  # Monday ann, Tuesday bas … Friday ann
    assert primary(plan, at(monday, 14)) == "bas", "the weekend takes no turn"


def test_a_holiday_takes_its_turn_with_it() -> None:
    plan = turns(WORKDAYS, "day", time(13), time(22), "ann", "bas")
    thursday = days_later(ORDINARY, -1)
    holidays = frozenset({thursday})
    with_holiday = roster(plan, holidays=holidays)
    assert primary(with_holiday, at(thursday, 14)) is None
    assert primary(with_holiday, at(ORDINARY, 14)) == primary(roster(plan), at(ORDINARY, 14))


def test_a_rotation_of_one_has_no_backup() -> None:
    plan = roster(turns(EVERY_DAY, "week", time(9), time(9), "ann"))
    assert on_duty(plan, SEAT, at(ORDINARY, 9)) == OnDuty("ann", None, None)


def test_two_people_together_are_two_rules_or_a_pair() -> None:
    pair = roster(duty(1, WORKDAYS, time(13), time(22), "ann", "bas"))
    now = on_duty(pair, SEAT, at(ORDINARY, 14))
    assert (now.primary, now.backup) == ("ann", "bas")


def test_one_person_for_each_district_and_half_day() -> None:
    """The wijkagent on THV duty: four districts, morning and afternoon [RA]."""

    def half(number: int, place: str, start: int, end: int, key: str) -> DutyRule:
        seat = Seat("politie", "wijkagent", place)
        return DutyRule(number, seat, WORKDAYS, time(start), time(end), (Pair(key),))

    plan = Roster(
        (
            half(1, "Noord", 8, 13, "ann"),
            half(2, "Noord", 13, 18, "bas"),
            half(3, "Zuid", 8, 18, "cor"),
            DutyRule(
                4,
                Seat("politie", "wijkagent"),
                EVERY_DAY,
                time(18),
                time(8),
                (Pair("piket"),),
            ),
        )
    )
    noord, zuid = Seat("politie", "wijkagent", "Noord"), Seat("politie", "wijkagent", "Zuid")
    assert plan.seats_of("politie", "wijkagent") == (noord, zuid)
    assert primary(plan, at(ORDINARY, 12), noord) == "ann"
    assert primary(plan, at(ORDINARY, 13), noord) == "bas"
    assert primary(plan, at(ORDINARY, 12), zuid) == "cor"
    assert primary(plan, at(ORDINARY, 20), zuid) == "piket", "what is everywhere is there too"
    assert plan.seat_at("politie", "wijkagent", "Zuid") == zuid
    elsewhere = plan.seat_at("politie", "wijkagent", "Elders")
    assert primary(plan, at(ORDINARY, 12), elsewhere) is None


def test_a_temporary_roster_wins_also_from_later_rules() -> None:
    summer = DutyRule(
        1,
        SEAT,
        WORKDAYS,
        time(8),
        time(17),
        (Pair("summer"),),
        valid_from=ORDINARY,
        valid_until=ORDINARY,
        temporary=True,
    )
    later = duty(9, WORKDAYS, time(8), time(17), "office")
    plan = roster(summer, later)
    assert primary(plan, at(ORDINARY, 10)) == "summer"
    assert primary(plan, at(days_later(ORDINARY, 3), 10)) == "office"


def test_a_day_of_its_own_for_holidays() -> None:
    special = duty(9, frozenset({7}), time(8), time(17), "holiday")
    plan = roster(OFFICE, WEEKEND_PIKET, special, holidays=frozenset({ORDINARY}))
    assert primary(plan, at(ORDINARY, 10)) == "holiday"
    assert primary(plan, at(ORDINARY, 18)) == "weekend", "else it is a Sunday"
    assert primary(plan, at(days_later(ORDINARY, 3), 10)) == "office"


# --- what is different for once -----------------------------------------------------------------


def once(number: int, leaves: str | None, enters: str | None, **more: object) -> Change:
    start, end = at(ORDINARY, 9), at(ORDINARY, 12)
    return Change(number, SEAT, start, end, leaves, enters, **more)  # type: ignore[arg-type]


def test_a_swap_is_for_its_time_only_and_tells_why() -> None:
    plan = roster(OFFICE, changes=(once(5, "office", "ann", kind="swap"),))
    course = stretches(plan, SEAT, at(ORDINARY, 8), at(ORDINARY, 17))
    assert [(each.primary, each.primary_why) for each in course] == [
        ("office", Why("rule", 1)),
        ("ann", Why("swap", 5, "office")),
        ("office", Why("rule", 1)),
    ]
    assert {each.backup for each in course} == {"office2"}


def test_a_swap_follows_the_person_and_not_the_role() -> None:
    plan = roster(OFFICE, changes=(once(5, "office2", "ann"),))
    now = on_duty(plan, SEAT, at(ORDINARY, 10))
    assert (now.primary, now.backup) == ("office", "ann")


def test_the_swap_of_a_swap() -> None:
    plan = roster(OFFICE, changes=(once(5, "office", "ann"), once(6, "ann", "bas")))
    assert primary(plan, at(ORDINARY, 10)) == "bas"


def test_overlapping_swaps_of_one_person_the_first_counts() -> None:
    """The second finds nobody to replace any more: the commands refuse it, the rule is calm."""
    plan = roster(OFFICE, changes=(once(5, "office", "ann"), once(6, "office", "bas")))
    assert primary(plan, at(ORDINARY, 10)) == "ann"


def test_somebody_is_put_in_where_nobody_was() -> None:
    plan = roster(changes=(once(5, None, "ann", role="primary"),))
    now = on_duty(plan, SEAT, at(ORDINARY, 10))
    assert (now.primary, now.backup) == ("ann", None)


def test_nobody_is_their_own_backup() -> None:
    plan = roster(OFFICE, changes=(once(5, "office", "office2"),))
    now = on_duty(plan, SEAT, at(ORDINARY, 10))
    assert (now.primary, now.backup) == ("office2", None)


def test_who_is_away_stands_nowhere_not_even_as_a_stand_in() -> None:
    away = Absence("ann", at(ORDINARY, 10), at(ORDINARY, 11))
    swapped = once(5, "office", "ann", kind="swap")
    plan = roster(OFFICE, changes=(swapped,), absences=(away,))
    course = stretches(plan, SEAT, at(ORDINARY, 9), at(ORDINARY, 12))
    assert [(each.primary, each.primary_why) for each in course] == [
        ("ann", Why("swap", 5, "office")),
        (None, Why("absent", person="ann")),
        ("ann", Why("swap", 5, "office")),
    ]


def test_away_until_further_notice() -> None:
    plan = roster(OFFICE, absences=(Absence("office", at(ORDINARY, 10)),))
    assert on_duty(plan, SEAT, at(ORDINARY, 9)) == OnDuty("office", "office2", at(ORDINARY, 10))
    assert primary(plan, at(days_later(ORDINARY, 70), 10)) is None


def test_who_cannot_be_reached_does_not_stand_there() -> None:
    plan = roster(OFFICE, reachable=frozenset({"office2"}))
    first = stretches(plan, SEAT, at(ORDINARY, 9), at(ORDINARY, 9) + MINUTE)[0]
    assert (first.primary, first.backup) == (None, "office2")
    assert first.primary_why == Why("unreachable", person="office")
