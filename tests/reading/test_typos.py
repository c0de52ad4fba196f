import pytest

from commands.reading.typos import meant

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
