"""Raised by mistake: everybody who has it must agree, also who took it meanwhile."""

from hypothesis import given
from hypothesis import strategies as st

from commands.rules.withdrawal import must_agree, state

PARTNERS = ("vt", "om", "politie", "rvdk")
some = st.frozensets(st.sampled_from(PARTNERS))


def test_only_who_took_it_must_agree_and_not_the_initiator() -> None:
    taken = {"vt": "vt1", "om": "ovj1", "politie": "chef1", "rvdk": None}
    assert must_agree(taken, "vt1") == {"om", "politie"}
    assert must_agree(taken, "fo1") == {"vt", "om", "politie"}


def test_nobody_has_it_then_it_is_withdrawn_at_once() -> None:
    assert state(frozenset(), frozenset(), frozenset()) == "withdrawn"


def test_who_takes_it_meanwhile_must_agree_as_well() -> None:
    assert state({"om"}, {"om"}, frozenset()) == "withdrawn"
    assert state({"om", "rvdk"}, {"om"}, frozenset()) == "pending"


@given(some, some, some)
def test_one_no_keeps_it_and_only_all_yes_withdraws(
    requested: frozenset[str], agreed: frozenset[str], refused: frozenset[str]
) -> None:
    found = state(requested, agreed, refused)
    assert (found == "kept") is any(partner in refused for partner in requested)
    if found == "withdrawn":
        assert all(partner in agreed for partner in requested)
    if found == "pending":
        assert any(partner not in agreed for partner in requested)
