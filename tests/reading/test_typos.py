import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.reading.typos import SHORTEST, meant

LONGER = st.text(alphabet="abc", min_size=SHORTEST, max_size=7)
KNOWN = ["alarm", "stand", "sluit", "ruil", "Centrum", "skm"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("alrm", "alarm"),
        ("alarmm", "alarm"),
        ("alatm", "alarm"),
        ("aalrm", "alarm"),
        ("larm", "alarm"),
        ("ALRM!", "alarm"),
        ("centrm", "Centrum"),
        ("alarm", None),
        ("smk", None),
        ("brand", None),
        ("alm", None),
        ("", None),
    ],
)
def test_one_mistake_in_a_longer_word(typed: str, expected: str | None) -> None:
    assert meant(typed, KNOWN) == expected


def test_a_word_as_near_to_two_is_neither() -> None:
    assert meant("stant", ["stand", "start"]) is None


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


@given(LONGER, LONGER)
def test_agrees_with_the_textbook(one: str, other: str) -> None:
    assert meant(one, [other]) == (other if distance(one, other) == 1 else None)
