"""The week in figures, and an attacker who knows the rule and cannot undo it."""

from datetime import date, time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.digest import (
    HIDDEN,
    Measure,
    Row,
    row,
    shown,
    shown_median,
    shown_share,
    weekly,
)
from commands.rules.moments import MINUTE, instant, week_bounds

WEEK = (2026, 28)
MONDAY = instant(date(2026, 7, 6), time())
PROTOCOLS = ("skm", "ouderen")
PARTNERS = ("vt", "om")


def measure(
    kind: str,
    case: int,
    protocol: str = "skm",
    partner: str | None = None,
    minutes: int | None = None,
    at: int = MONDAY,
) -> Measure:
    value = None if minutes is None else minutes * MINUTE
    return Measure(kind, protocol, partner, at, value, f"case{case}")


def alarms(number: int, protocol: str = "skm") -> list[Measure]:
    return [measure("alarm", case, protocol) for case in range(number)]


def test_a_week_in_figures() -> None:
    measures = [
        *alarms(6),
        *alarms(7, "ouderen"),
        *(measure("time_to_ack", case, partner="vt", minutes=case) for case in range(5)),
        *(measure("time_to_ack", case, partner="om", minutes=case) for case in range(4)),
        *(measure("missed", case) for case in range(5)),
        *(measure("nobody_on_duty", case) for case in range(4)),
        *(measure("consult_in_time", case) for case in range(6)),
        *(measure("consult_late", case) for case in range(6, 12)),
    ]
    digest = weekly(measures, *WEEK, PROTOCOLS, PARTNERS)
    assert digest.alarms == Row((("skm", "6"), ("ouderen", "7")), "13")
    assert digest.ack_ms == (("vt", 2 * MINUTE), ("om", None))
    assert (digest.missed, digest.nobody_on_duty, digest.backups) == ("5", HIDDEN, HIDDEN)
    assert (digest.consultations, digest.in_time_percent) == ("12", 50)


def test_an_empty_week_shows_no_zero() -> None:
    digest = weekly([], *WEEK, PROTOCOLS, PARTNERS)
    assert digest.alarms == Row((("skm", HIDDEN), ("ouderen", HIDDEN)), HIDDEN)
    assert digest.missed == digest.consultations == HIDDEN
    assert digest.in_time_percent is None


def test_only_this_week_counts_to_the_millisecond() -> None:
    begin, end = week_bounds(*WEEK)
    edges = (begin - 1, begin, begin, begin, end - 1, end - 1, end)
    measures = [measure("alarm", case, at=at) for case, at in enumerate(edges)]
    assert weekly(measures, *WEEK, PROTOCOLS, PARTNERS).alarms.cells[0] == ("skm", "5")


def test_a_case_counts_once_and_its_first_ack() -> None:
    twice = [
        measure("time_to_ack", case, partner="vt", minutes=minutes, at=MONDAY + minutes)
        for minutes in (90, 3)
        for case in range(5)
    ]
    digest = weekly([*alarms(5), *alarms(5), *twice], *WEEK, PROTOCOLS, PARTNERS)
    assert digest.alarms.cells[0] == ("skm", "5")
    assert digest.ack_ms[0] == ("vt", 3 * MINUTE)


def test_what_happens_twice_in_one_chain_counts_once() -> None:
    chains = [measure("missed", case, partner=partner) for case in range(3) for partner in PARTNERS]
    assert weekly(chains * 2, *WEEK, PROTOCOLS, PARTNERS).missed == "6"


def test_first_consultation_of_a_case_counts() -> None:
    first = [measure("consult_late", case) for case in range(5)]
    again = [measure("consult_in_time", case, at=MONDAY + 1) for case in range(10)]
    digest = weekly([*again, *first, *alarms(10)], *WEEK, PROTOCOLS, PARTNERS)
    assert (digest.consultations, digest.in_time_percent) == (None, None)
    digest = weekly([*again, *first, *alarms(10)], *WEEK, ["skm"], PARTNERS)
    assert (digest.consultations, digest.in_time_percent) == ("10", 50)


def test_of_other_kinds_nothing_is_counted() -> None:
    others = [measure("undone", case) for case in range(9)]  # a kind for another question
    assert weekly(others, *WEEK, PROTOCOLS, PARTNERS) == weekly([], *WEEK, PROTOCOLS, PARTNERS)


def test_hidden_total_leaves_open_whether_there_was_one() -> None:
    assert row({"skm": 8, "a": 0, "b": 0}) == row({"skm": 8, "a": 1, "b": 0})


@pytest.mark.parametrize(("count", "text"), [(0, "<5"), (4, "<5"), (5, "5"), (12, "12")])
def test_small_counts_and_none_look_the_same(count: int, text: str) -> None:
    assert shown(count) == text


def test_medians_and_shares_need_five() -> None:
    assert shown_median([1, 2, 3, 4]) is None
    assert shown_median([5, 1, 4, 2, 3]) == 3
    assert shown_share(5, 1) is shown_share(1, 5) is shown_share(0, 12) is None
    assert shown_share(5, 5) == 50


def test_usual_week_of_a_region_keeps_its_total() -> None:
    assert row({"skm": 3, "ouderen": 2}).total == "5"
    assert row({"skm": 3, "ouderen": 2, "stalking": 1, "zsm": 0}).total == "6"


def test_one_hidden_count_takes_the_total_with_it() -> None:
    assert row({"skm": 8, "ouderen": 1}).total is None


def test_consultations_do_not_stand_in_for_the_hidden_total() -> None:
    held = [measure("consult_in_time", case) for case in range(6)]
    late = [measure("consult_late", case) for case in range(6)]
    week = [*alarms(11), *alarms(1, "ouderen"), *held, *late]
    digest = weekly(week, *WEEK, PROTOCOLS, PARTNERS)
    assert (digest.alarms.total, digest.consultations) == (None, None)
    assert digest.in_time_percent is None


counts = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 12)), min_size=1, max_size=4)


@given(counts)
def test_no_hidden_count_follows_from_what_is_shown(counts: list[int]) -> None:
    """The attacker tries every week that would look like this one."""
    names = [f"kind{i}" for i in range(len(counts))]
    seen = row(dict(zip(names, counts, strict=True)))
    could_be = [range(5) if text == HIDDEN else [int(text)] for _, text in seen.cells]
    same_look = [
        week for week in product(*could_be) if row(dict(zip(names, week, strict=True))) == seen
    ]
    assert tuple(counts) in same_look
    for position, (_, text) in enumerate(seen.cells):
        if text == HIDDEN:
            assert len({week[position] for week in same_look}) >= 2


@given(st.integers(0, 12), st.integers(0, 12))
def test_no_small_part_follows_from_total_and_share(part: int, rest: int) -> None:
    def look(part: int, rest: int) -> tuple[str, int | None]:
        return shown(part + rest), shown_share(part, rest)

    same_look = {p for p in range(25) for r in range(25) if look(p, r) == look(part, rest)}
    if min(part, rest) < 5:
        assert len(same_look) >= 2
