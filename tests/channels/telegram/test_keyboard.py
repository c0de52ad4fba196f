"""How buttons stand under a message."""

import pytest

from bot.channels.telegram.keyboard import keyboard


def rows(*labels: str) -> list[list[str]]:
    made = keyboard([(label, f"d{number}") for number, label in enumerate(labels)])
    assert made is not None
    return [[button.text for button in row] for row in made.inline_keyboard]


def test_two_short_ones_share_a_row() -> None:
    assert rows("Ik pak op", "Kan niet") == [["Ik pak op", "Kan niet"]]
    assert rows("A", "B", "C") == [["A", "B"], ["C"]]


def test_an_address_is_opened_and_sends_nothing_back() -> None:
    url = "https://element.example/#/room/" + "x" * 80
    made = keyboard([("Ja", "1.aa"), ("Open casusruimte", url)])
    assert made is not None
    ((yes, link),) = made.inline_keyboard
    assert (yes.callback_data, yes.url) == ("1.aa", None)
    assert (link.callback_data, link.url) == (None, url)


def test_a_label_over_16_signs_has_its_own_row() -> None:
    assert rows("Open", "Open casusruimte", "Open casusruimten", "A", "B") == [
        ["Open", "Open casusruimte"],
        ["Open casusruimten"],
        ["A", "B"],
    ]


def test_never_more_than_eight_rows_and_all_buttons_stay_in_order() -> None:
    labels = [f"Een lang opschrift nummer {number}" for number in range(11)]
    made = rows(*labels)
    assert len(made) <= 8
    assert [label for row in made for label in row] == labels


def test_no_buttons_is_no_keyboard() -> None:
    assert keyboard(()) is None


def test_64_bytes_of_data_fit() -> None:
    made = keyboard([("Ja", "é" * 32)])
    assert made is not None
    assert made.inline_keyboard[0][0].callback_data == "é" * 32


@pytest.mark.parametrize(
    "button", [("Ja", "é" * 33), ("Ja", "x" * 65), ("Ja", ""), ("", "x")], ids=repr
)
def test_what_no_button_can_carry_is_a_mistake_of_ours(button: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="button"):
        keyboard([button])
