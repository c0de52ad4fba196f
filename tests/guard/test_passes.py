"""What looks a little like personal data and is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.guard.find import find
from commands.rules.reference import PATTERN

THIS_YEAR = 2026

references = st.tuples(*map(st.sampled_from, PATTERN)).map("".join)


@given(references, st.booleans(), st.sampled_from(["{}", "alarm {} spoed", "zie {}, 2 kinderen"]))
def test_no_reference_is_ever_taken_for_data(reference: str, lower: bool, line: str) -> None:
    text = line.format(reference.lower() if lower else reference)
    assert find(text, this_year=THIS_YEAR) == ()


@given(st.lists(references, min_size=2, max_size=4), st.sampled_from([" ", ", ", " en ", "-", "/"]))
def test_nor_are_several(several: list[str], joint: str) -> None:
    assert find(joint.join(several), this_year=THIS_YEAR) == ()


@given(references, st.integers(0, 99), st.sampled_from(["{0} {1}", "{1} {0}", "{1} {0} {1}"]))
def test_nor_is_one_next_to_a_number(reference: str, number: int, line: str) -> None:
    assert find(line.format(reference, number), this_year=THIS_YEAR) == ()


def test_references_of_another_form_are_a_parameter() -> None:
    assert [hit.kind for hit in find("12XZ 34", this_year=THIS_YEAR)] == ["plate"]
    assert find("12XZ 34", this_year=THIS_YEAR, is_reference=lambda word: word == "12XZ") == ()


@given(
    st.lists(st.times(), min_size=1, max_size=5),
    st.sampled_from(["%H:%M", "%H.%M"]),
    st.sampled_from([" ", ", ", " en ", " - ", " tot ", "/"]),
    st.sampled_from(["", "vóór ", "om ", "uiterlijk morgen "]),
    st.sampled_from(["", " uur", "u"]),
)
def test_clock_times_pass(
    times: list[object], form: str, joint: str, front: str, unit: str
) -> None:
    clocks = joint.join(time.strftime(form) for time in times)  # type: ignore[attr-defined]
    assert find(f"{front}{clocks}{unit}", this_year=THIS_YEAR) == ()


@given(
    st.integers(0, 999),
    st.sampled_from(
        "jaar jr keer x uur min minuten dagen weken km kg kinderen euro van in en op".split()  # noqa: SIM905 reads as the list it is
    ),
    st.integers(0, 99),
)
def test_counts_pass(first: int, word: str, second: int) -> None:
    assert find(f"{first} {word} {second} gezien", this_year=THIS_YEAR) == ()


@given(st.integers(1, 31), st.sampled_from("januari maart mei juni december".split()))  # noqa: SIM905
def test_a_day_without_a_year_passes_unless_it_is_of_birth(day: int, month: str) -> None:
    assert find(f"sinds {day} {month} niet gezien", this_year=THIS_YEAR) == ()
    hits = find(f"geboren op {day} {month}", this_year=THIS_YEAR)
    assert [hit.kind for hit in hits] == ["birth_date"]


def test_dates_after_this_year_pass() -> None:
    assert find("loopt tot 3-12-2027", this_year=2026) == ()
    assert [hit.kind for hit in find("loopt tot 3-12-2027", this_year=2027)] == ["birth_date"]
    assert find("sinds 3-12-1899", this_year=2026) == ()


@pytest.mark.parametrize(
    "typed", ["020-000 1234", "+31 20 000 1234", "0200001234", "(020) 0001234"]
)
@pytest.mark.parametrize("configured", ["020-0001234", "+31200001234", "0031 20 000 1234"])
def test_the_regions_own_numbers_pass_in_any_writing(typed: str, configured: str) -> None:
    assert find(f"bel {typed} nu", this_year=THIS_YEAR, allowed=frozenset({configured})) == ()
    assert len(find(f"bel {typed} nu", this_year=THIS_YEAR)) == 1


def test_an_allowed_number_hides_no_other() -> None:
    allowed = frozenset({"0800-2000", "112"})
    hits = find("bel 0800-2000 of 06-12345678", this_year=THIS_YEAR, allowed=allowed)
    assert [(hit.kind, hit.word) for hit in hits] == [("phone", 4)]
    assert find("bsn 112 345 670", this_year=THIS_YEAR, allowed=allowed)[0].kind == "bsn"
    assert find("08002000123456", this_year=THIS_YEAR, allowed=allowed) == find(
        "08002000123456", this_year=THIS_YEAR
    )
