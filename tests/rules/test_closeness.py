"""One typo, and only when it can be one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.closeness import closest, one_typo_apart

COMMANDS = ("alarm", "stand", "overleg", "klaar", "sluit", "ruil", "ziek", "test", "nee", "kaart")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("alrm", "alarm"),
        ("allarm", "alarm"),
        ("alram", "alarm"),
        ("alarn", "alarm"),
        ("ALRM", "alarm"),
        ("alarm", "alarm"),
        ("slui", "sluit"),
        ("tset", "test"),
        ("alrma", None),
        ("ne", None),
        ("nae", None),
        ("", None),
        ("brand", None),
    ],
)
def test_one_typo(typed: str, meant: str | None) -> None:
    assert closest(typed, COMMANDS) == meant


def test_two_words_that_could_be_meant_are_no_answer() -> None:
    assert closest("staat", ["staan", "straat"]) is None
    assert closest("staan", ["staan", "straat"]) == "staan"


words = st.text(alphabet="abc", max_size=6)


def distance(one: str, other: str) -> int:
    """The textbook table, with neighbours that change places."""
    table = [[i + j for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = int(one[i - 1] != other[j - 1])
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + cost)
            swapped = i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]
            if swapped:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(words, words)
def test_agrees_with_the_textbook(one: str, other: str) -> None:
    assert one_typo_apart(one, other) is (distance(one, other) == 1)
    assert one_typo_apart(one, other) is one_typo_apart(other, one)
