"""Slots inside the limit, and where a vote stands."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.moments import HOUR, MINUTE, instant, local
from commands.rules.slots import (
    Fixed,
    NothingFits,
    SlotTiming,
    Vote,
    Waiting,
    outcome,
    propose,
)

DAY = date(2026, 7, 10)
TIMING = SlotTiming()


def at(hour: int, minute: int = 0) -> int:
    return instant(DAY, time(hour, minute))


def clock(slots: tuple[int, ...]) -> list[str]:
    return [f"{local(slot):%H:%M}" for slot in slots]


@pytest.mark.parametrize(
    ("now", "limit", "expected"),
    [
        (at(15, 53), at(18, 40), ["16:30", "17:00", "17:30"]),  # the Friday story
        (at(15, 53), at(17, 10), ["16:30", "16:45", "17:00"]),
        (at(15, 53), at(16, 45), ["16:15", "16:30", "16:45"]),
        (at(15, 53), at(16, 20), ["16:05", "16:10", "16:15"]),
        (at(15, 53), at(16, 5), ["15:55", "16:00", "16:05"]),
        (at(15, 53), at(16, 2), ["15:55", "16:00"]),
        (at(15, 53), at(15, 54), []),
        (at(15, 53), at(15, 0), []),
    ],
)
def test_the_less_time_the_finer_the_clock(now: int, limit: int, expected: list[str]) -> None:
    assert clock(propose(now, limit, TIMING)) == expected


def test_other_consultations_are_kept_free() -> None:
    other = (at(16, 45), at(17, 30))
    found = propose(at(15, 53), at(18, 40), TIMING, busy=[other])
    assert clock(found) == ["17:30", "18:00", "18:30"]


def test_what_is_not_urgent_is_by_day() -> None:
    by_day = SlotTiming(day=(time(9), time(17)))
    found = propose(at(16, 10), at(16, 10) + 24 * HOUR, by_day)
    assert clock(found) == ["17:00", "09:00", "09:30"]


moments = st.integers(at(0) // MINUTE, at(23) // MINUTE).map(lambda minute: minute * MINUTE)


@given(moments, st.integers(-1, 300), st.lists(st.tuples(moments, st.integers(1, 90)), max_size=3))
def test_slots_are_inside_and_round_and_free(
    now: int, minutes: int, others: list[tuple[int, int]]
) -> None:
    limit = now + minutes * MINUTE
    busy = [(begin, begin + length * MINUTE) for begin, length in others]
    found = propose(now, limit, TIMING, busy)
    assert sorted(set(found)) == list(found)
    assert len(found) <= 3
    for slot in found:
        assert now < slot <= limit
        assert local(slot).minute % 5 == 0
        assert all(slot + TIMING.length_ms <= begin or end <= slot for begin, end in busy)
    if minutes >= 120 and not busy:
        assert len(found) == 3
        assert found[0] >= now + TIMING.lead_ms


S1, S2, S3 = SLOTS = (at(16, 30), at(17), at(17, 30))
NOW, LIMIT = at(15, 55), at(18, 40)
PEOPLE = {"vt1": "vt", "om1": "om", "om2": "om", "pol1": "politie"}


def can(*slots: int, now: bool = False) -> Vote:
    return Vote(frozenset(slots), now)


def stands(votes: dict[str, Vote], now: int = NOW) -> object:
    return outcome(votes, PEOPLE, SLOTS, now, LIMIT)


def test_waits_for_one_voter_of_every_partner() -> None:
    assert stands({}) == Waiting(("om", "politie", "vt"))
    assert stands({"vt1": can(S1), "om2": can(S1)}) == Waiting(("politie",))


def test_earliest_slot_that_fits_somebody_of_every_partner() -> None:
    votes = {"vt1": can(S1, S2, S3), "om1": can(S3), "om2": can(S2), "pol1": can(S2, S3)}
    assert stands(votes) == Fixed(S2)


def test_now_goes_before_every_slot() -> None:
    votes = {"vt1": can(S1, now=True), "om1": can(S1), "pol1": can(S1, now=True)}
    assert stands(votes) == Fixed(S1)
    votes["om2"] = can(now=True)
    assert stands(votes) == Fixed(NOW, at_once=True)


def test_nothing_fits_names_the_best_slot_and_who_needs_a_stand_in() -> None:
    votes = {"vt1": can(S1, S2), "om1": can(S3), "pol1": can(S1)}
    assert stands(votes) == NothingFits(best=S1, missing=("om",), late=at(19))


def test_slot_that_has_begun_is_gone() -> None:
    votes = {"vt1": can(S1), "om1": can(S1), "pol1": can(S1)}
    assert stands(votes, now=S1) == NothingFits(
        best=S2, missing=("om", "politie", "vt"), late=at(19)
    )
    assert stands(votes, now=S3) == NothingFits(best=None, missing=(), late=at(19))


def test_votes_of_people_who_do_not_take_part_do_not_count() -> None:
    votes = {"vt1": can(S1), "om1": can(S1), "guest": can(S1)}
    assert stands(votes) == Waiting(("politie",))
    assert outcome({}, {}, SLOTS, NOW, LIMIT) == Waiting(())


a_vote = st.builds(Vote, st.frozensets(st.sampled_from(SLOTS)), st.booleans())


@given(st.dictionaries(st.sampled_from(sorted(PEOPLE)), a_vote))
def test_what_is_fixed_fits_every_partner_and_nothing_earlier_does(votes: dict[str, Vote]) -> None:
    found = outcome(votes, PEOPLE, SLOTS, NOW, LIMIT)

    def fits_all(slot: int | None) -> bool:
        there = {
            PEOPLE[who]
            for who, vote in votes.items()
            if (vote.now if slot is None else slot in vote.slots)
        }
        return there == set(PEOPLE.values())

    everybody = {PEOPLE[who] for who in votes} == set(PEOPLE.values())
    assert isinstance(found, Waiting) is not everybody
    if isinstance(found, Fixed):
        assert found.at_once is fits_all(None)
        if not found.at_once:
            assert found.at == min(slot for slot in SLOTS if fits_all(slot))
    if isinstance(found, NothingFits):
        assert not any(fits_all(slot) for slot in (None, *SLOTS))
        assert found.late > LIMIT
