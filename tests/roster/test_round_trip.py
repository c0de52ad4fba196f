"""What was exported changes nothing when it is imported: random rosters, both kinds of table."""

from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.roster.files.parsed import from_text, to_text
from commands.roster.files.row import span_of
from commands.roster.files.table import overlaps
from commands.roster.files.template import template
from commands.roster.files.workbook import csv_of, workbook_of
from commands.roster.files.written import table_of
from commands.rules.roster.replacement import Planned, replacement
from commands.rules.roster.rule import DutyRole, DutyRule, Pair, Seat
from config.entry import Language
from tests.roster.region import NAMES, read

SEATS = {
    Seat("om", "ovj"): ("om_ovj1", "om_ovj2", "om_ovj3"),
    Seat("politie", "wijkagent", "Noord"): ("wijk1", "wijk2", "tweeling1", "tweeling2"),
    Seat("politie", "wijkagent", "Centrum"): ("wijk1", "wijk2"),
    Seat("politie", "chef_van_dienst"): ("cvd1", "cvd2"),
}
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
AUTUMN = st.sampled_from([date(2026, 10, 24), date(2026, 10, 25), date(2026, 3, 29)])
ROLES: list[DutyRole] = ["primary", "backup"]


@st.composite
def rules(draw: st.DrawFn) -> DutyRule:
    seat = draw(st.sampled_from(sorted(SEATS, key=str)))
    person = st.none() | st.sampled_from(SEATS[seat])
    pair = st.tuples(person, person).filter(lambda both: both[0] is None or both[0] != both[1])
    turns = tuple(Pair(*both) for both in draw(st.lists(pair, min_size=1, max_size=4)))
    since, until = draw(st.tuples(st.none() | DAYS, st.none() | DAYS))
    if since and until and until < since:
        since, until = until, since
    return DutyRule(
        0,
        seat,
        draw(st.frozensets(st.integers(0, 7), min_size=1)),
        draw(HOURS),
        draw(HOURS),
        turns,
        draw(st.sampled_from(["day", "week"])),
        draw(st.none() | DAYS),
        since,
        until,
        draw(st.booleans()),
    )


@st.composite
def planned(draw: st.DrawFn) -> Planned:
    seat = draw(st.sampled_from(sorted(SEATS, key=str)))
    start, end = span_of(draw(DAYS | AUTUMN), (draw(HOURS), draw(HOURS)))
    person = draw(st.none() | st.sampled_from(SEATS[seat]))
    return Planned(seat, draw(st.sampled_from(ROLES)), person, start, max(end, start + 60_000))


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    own_rules=st.lists(rules(), max_size=6),
    own_shifts=st.lists(planned(), max_size=8),
    language=st.sampled_from(["nl", "en"]),
)
def test_what_goes_out_comes_in_unchanged(
    kind: str, own_rules: list[DutyRule], own_shifts: list[Planned], language: Language
) -> None:
    standing = [
        DutyRule(n, *list(vars(rule).values())[1:]) for n, rule in enumerate(own_rules, start=1)
    ]
    shifts: list[Planned] = []
    for each in own_shifts:
        if not overlaps([*shifts, each]):
            shifts.append(each)
    if not standing and not shifts:
        return
    table = table_of(NAMES, standing, shifts, language)
    content = csv_of(table) if kind == ".csv" else workbook_of(table)
    parsed = from_text(to_text(read(f"a{kind}", content)))
    present = dict(enumerate(shifts, start=1))
    change = replacement(parsed.rules, parsed.planned, parsed.seats, parsed.days, standing, present)
    assert change.changes_nothing, change


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("partner", [None, "om", "politie"])
def test_a_template_imports_without_a_problem(
    language: Language, ending: str, partner: str | None
) -> None:
    content = template(NAMES, language, date(2026, 7, 10), ending, partner)
    parsed = read(f"a{ending}", content)
    assert parsed.warnings == ()
    assert {rule.seat.partner for rule in parsed.rules} == (
        {partner} if partner else {"om", "politie"}
    )
    ovj = [rule for rule in parsed.rules if rule.seat.function == "ovj"]
    if partner != "politie":
        assert ovj[0].turns[0] == Pair("om_ovj1", "om_ovj2")
        assert ovj[0].first_turn == date(2026, 7, 13), "a Monday"
        assert (ovj[0].start, ovj[0].end) == (time(), time())
