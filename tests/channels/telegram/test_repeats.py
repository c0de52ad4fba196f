"""Which presses are the same one again."""

from typing import Any

import pytest

from bot.channels.telegram.repeats import FEW, MOST, WITHIN_S, Repeats


def press(number: int, data: str = "1.abc", *, who: int = 7, message: int = 5) -> dict[str, Any]:
    under = {"message_id": message, "chat": {"id": 7}}
    query = {"id": "1", "from": {"id": who}, "message": under, "data": data}
    return {"update_id": number, "callback_query": query}


def test_a_few_on_the_same_button_count_until_a_moment_has_passed() -> None:
    repeats = Repeats()
    assert [repeats.is_one(press(n), 0.0) for n in range(FEW)] == [False] * FEW
    assert repeats.is_one(press(10), 0.9)
    assert not repeats.is_one(press(11), WITHIN_S), "counted from the first, or it never ended"


def test_another_person_message_or_button_is_another_press() -> None:
    repeats = Repeats()
    for number in range(FEW):
        repeats.is_one(press(number), 0.0)
    others = (press(10, who=8), press(11, message=6), press(12, "2.abc"), press(13))
    assert [repeats.is_one(each, 0.0) for each in others] == [False] * 4


def test_what_the_server_brings_again_is_no_repeat() -> None:
    """It could not be committed: the very first ones must come through again."""
    repeats = Repeats()
    for _ in range(2):
        found = [repeats.is_one(press(n), 0.0) for n in range(2 * FEW)]
        assert found == [False] * FEW + [True] * FEW


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        [],
        {"update_id": 1, "message": {"text": "alarm"}},
        {"update_id": 1, "callback_query": {"id": "1"}},
        {"update_id": 1, "callback_query": {"message": 7, "from": [], "data": "x"}},
        {"update_id": "1", "callback_query": press(1)["callback_query"]},
        press(1, "x") | {"update_id": True},
        press(1, message=[]),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_press_is_left_to_others(raw: Any) -> None:
    repeats = Repeats()
    assert not any(repeats.is_one(raw, 0.0) for _ in range(2 * FEW))


def test_it_remembers_no_more_than_it_must() -> None:
    repeats = Repeats()
    for number in range(3 * MOST):
        repeats.is_one(press(number, message=number), 0.0)
    assert len(repeats._last) == MOST
