"""References: four symbols, never used twice, found until the very last one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.reference import (
    DIGITS,
    LETTERS,
    PATTERN,
    ReferencesExhausted,
    draw,
    looks_like,
    normalise,
)

EVERY = len(LETTERS) ** 2 * len(DIGITS) ** 2


def test_thirty_symbols_that_nobody_confuses() -> None:
    symbols = LETTERS + DIGITS
    assert len(set(symbols)) == len(symbols) == 30
    assert not set(symbols) & set("0O1ILUiol")


@given(st.randoms(use_true_random=False))
def test_drawn_is_recognised_in_both_cases(chance: random.Random) -> None:
    reference = draw(chance.choice, lambda _: False)
    assert looks_like(reference)
    assert looks_like(f" {reference.lower()} ")
    assert normalise(f" {reference.lower()} ") == reference


@pytest.mark.parametrize("text", ["K7Q4", "m3x8", "W8P2"])
def test_the_known_examples_are_references(text: str) -> None:
    assert looks_like(text)


@pytest.mark.parametrize(
    "text", ["", "K7Q", "K7Q44", "KKQ4", "7K4Q", "O7Q4", "K1Q4", "vr22", "ı7q4"]
)
def test_what_is_no_reference(text: str) -> None:
    assert not looks_like(text)


def test_never_one_that_is_taken() -> None:
    chance = random.Random(7)
    used: set[str] = set()
    for _ in range(2_000):
        reference = draw(chance.choice, used.__contains__)
        assert reference not in used
        used.add(reference)


def test_the_last_free_one_is_found_and_then_it_says_so() -> None:
    chance = random.Random(7)
    last = "Z9Z9"
    asked: set[str] = set()

    def all_but_the_last(reference: str) -> bool:
        asked.add(reference)
        return reference != last

    assert draw(chance.choice, all_but_the_last) == last
    assert asked
    with pytest.raises(ReferencesExhausted):
        draw(chance.choice, lambda _: True)


def test_there_are_enough_for_a_century_of_five_alarms_a_day() -> None:
    assert len(PATTERN) == 4
    assert EVERY == 30_976
