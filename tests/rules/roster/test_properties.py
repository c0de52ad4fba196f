"""Random rosters: at any instant exactly what the oracle says."""

from datetime import date, time, timedelta
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from commands.rules.moments import DAY, HOUR, MINUTE
from commands.rules.roster.course import on_duty, stretches
from commands.rules.roster.gaps import gaps
from commands.rules.roster.rule import (
    Absence,
    Change,
    DutyRole,
    DutyRule,
    Pair,
    Roster,
    Seat,
)
from tests.rules.roster.build import AUTUMN, EVERY_DAY, ORDINARY, SEAT, SPRING, at, duty, roster
from tests.rules.roster.oracle import walk

NIGHTS = (SPRING, AUTUMN, ORDINARY)
OTHERS = (Seat("rvdk", "contact", "Noord"), Seat("rvdk", "spoedlijn"), Seat("om", "ovj"))

days = st.sampled_from(NIGHTS)
times = st.one_of(
    st.sampled_from([time(0), time(2), time(2, 30), time(3), time(8), time(22)]),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
people = st.sampled_from(["ann", "bas", "cor"])
names = st.one_of(st.none(), people)
some_days = st.frozensets(st.integers(0, 7), max_size=8)
validity = st.one_of(st.none(), days)
pairs = st.builds(Pair, names, names)
roles: st.SearchStrategy[DutyRole | None] = st.sampled_from([None, "primary", "backup"])
seats = st.one_of(st.just(SEAT), st.sampled_from(OTHERS))


@st.composite
def rules(draw: st.DrawFn, number: int) -> DutyRule:
    turns = draw(st.lists(pairs, min_size=1, max_size=4))
    first = draw(days) + timedelta(days=draw(st.integers(-20, 20)))
    return DutyRule(
        id=number,
        seat=draw(seats),
        weekdays=draw(st.one_of(st.just(EVERY_DAY), some_days)),
        start=draw(times),
        end=draw(times),
        turns=tuple(turns),
        turn=draw(st.sampled_from(["day", "week"])),
        first_turn=first,
        valid_from=draw(validity),
        valid_until=draw(validity),
        temporary=draw(st.booleans()),
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    moments = st.builds(
        lambda day, minutes: at(day, 0) + minutes * MINUTE, days, st.integers(-20 * 60, 40 * 60)
    )
    lengths = st.integers(1, 30 * 60).map(lambda minutes: minutes * MINUTE)
    changes = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(moments)
        seat, role = draw(seats), draw(roles)
        end = start + draw(lengths)
        changes.append(Change(number, seat, start, end, draw(names), draw(names), role))
    absences = []
    for _ in range(draw(st.integers(0, 2))):
        start = draw(moments)
        end = start + draw(lengths) if draw(st.booleans()) else None
        absences.append(Absence(draw(people), start, end))
    return Roster(
        rules=tuple(draw(rules(number)) for number in range(draw(st.integers(0, 5)))),
        changes=tuple(changes),
        absences=tuple(absences),
        holidays=draw(st.frozensets(days)),
        reachable=draw(st.one_of(st.none(), st.frozensets(people))),
    )


@settings(max_examples=250, deadline=None)
@given(rosters(), days, st.sampled_from([SEAT, OTHERS[0]]))
@example(roster(duty(0, EVERY_DAY, time(2, 30), time(2, 10), "ann")), AUTUMN, SEAT)
@example(roster(duty(0, EVERY_DAY, time(2, 30), time(2, 30), "ann")), SPRING, SEAT)
@example(roster(duty(0, EVERY_DAY, time(0), time(2), "ann")), AUTUMN, SEAT)
@example(roster(duty(0, EVERY_DAY, time(0), time(3), "ann")), AUTUMN, SEAT)
@example(roster(duty(0, EVERY_DAY, time(3), time(2), "ann")), SPRING, SEAT)
def test_agrees_with_the_oracle_in_every_minute(plan: Roster, night: date, seat: Seat) -> None:
    begin = at(night - timedelta(days=1), 20)
    minutes = 16 * 60
    course = stretches(plan, seat, begin, begin + minutes * MINUTE)
    told = [
        (stretch.primary, stretch.backup)
        for stretch in course
        for _ in range(stretch.start, stretch.end, MINUTE)
    ]
    assert told == walk(plan, seat, begin, minutes)


@settings(max_examples=100, deadline=None)
@given(rosters(), days, st.integers(0, 60 * 24 * 400))
def test_an_instant_agrees_with_the_oracle_far_from_here_too(
    plan: Roster, day: date, minute: int
) -> None:
    now = at(day, 0) - 200 * DAY + minute * MINUTE
    found = on_duty(plan, SEAT, now)
    assert [(found.primary, found.backup)] == walk(plan, SEAT, now, 1)


@settings(max_examples=100, deadline=None)
@given(rosters(), st.integers(0, 72 * 60), days)
def test_what_is_said_of_now_holds_until_it_changes(plan: Roster, minute: int, night: date) -> None:
    now = at(night - timedelta(days=2), 12) + minute * MINUTE
    said = on_duty(plan, SEAT, now)
    if said.until_ms is None:
        later = on_duty(plan, SEAT, now + 8 * DAY - 1)
        assert (later.primary, later.backup) == (said.primary, said.backup)
        return
    just_before = on_duty(plan, SEAT, said.until_ms - 1)
    then = on_duty(plan, SEAT, said.until_ms)
    assert (just_before.primary, just_before.backup) == (said.primary, said.backup)
    assert (then.primary, then.backup) != (said.primary, said.backup)


@settings(max_examples=100, deadline=None)
@given(rosters(), days, st.sampled_from(["primary", "backup"]))
def test_gaps_are_exactly_the_minutes_in_which_nobody_stands_there(
    plan: Roster, night: date, role: str
) -> None:
    begin = at(night - timedelta(days=1), 12)
    minutes = 30 * 60
    found = gaps(plan, [SEAT], begin, begin + minutes * MINUTE, roles=(role,))  # type: ignore[arg-type]
    empty = {
        begin + minute * MINUTE
        for minute, pair in enumerate(walk(plan, SEAT, begin, minutes))
        if pair[0 if role == "primary" else 1] is None
    }
    assert {ms for gap in found for ms in range(gap.start, gap.end, MINUTE)} == empty
    assert all(one.end < other.start for one, other in pairwise(found))


@settings(max_examples=100, deadline=None)
@given(rosters(), days)
def test_reasons_only_divide_what_stands(plan: Roster, night: date) -> None:
    begin = at(night - timedelta(days=1), 12)
    end = begin + 36 * HOUR
    plain = stretches(plan, SEAT, begin, end)
    divided = stretches(plan, SEAT, begin, end, reasons=True)
    assert {each.start for each in plain} <= {each.start for each in divided}
    for each in divided:
        around = next(one for one in plain if one.start <= each.start < one.end)
        assert (around.primary, around.backup) == (each.primary, each.backup)
        assert (each.primary_why is None) <= (each.primary is None), "who stands there has a reason"
