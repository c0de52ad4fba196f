import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.reading.emoji import NO, YES, bare, buttons, is_nod, numbered, pressed
from commands.reading.options import chosen


def test_two_options_are_yes_and_no() -> None:
    assert buttons(2, last_is_no=True) == (YES, NO)


def test_more_options_are_numbered_and_no_is_last() -> None:
    assert buttons(4, last_is_no=True) == ("1️⃣", "2️⃣", "3️⃣", "❌")
    assert buttons(3, last_is_no=False) == ("1️⃣", "2️⃣", "3️⃣")


@given(st.integers(1, 9), st.booleans(), st.data())
def test_every_button_pressed_is_its_option_also_without_variation_selectors(
    options: int, last_is_no: bool, data: st.DataObject
) -> None:
    offered = buttons(options, last_is_no=last_is_no)
    number = data.draw(st.integers(1, options))
    assert pressed(offered[number - 1], offered) == number
    assert pressed(bare(offered[number - 1]), offered) == number
    assert pressed(numbered(number), offered) == number


def test_too_many_options_are_refused() -> None:
    with pytest.raises(ValueError, match="10"):
        buttons(10, last_is_no=False)


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "❤️", "4️⃣", "", "✅✅", "ok", "0️⃣"])
def test_other_reactions_press_nothing(emoji: str) -> None:
    assert pressed(emoji, (YES, NO)) is None


def test_yes_under_numbered_options_takes_none() -> None:
    assert pressed(YES, buttons(3, last_is_no=True)) is None
    assert pressed(NO, buttons(3, last_is_no=True)) == 3


@pytest.mark.parametrize("text", ["👍", "👍🏿", "ok", "OK!", "Oké", "gezien", "👌👍"])
def test_a_nod_is_no_answer(text: str) -> None:
    assert is_nod(text)
    assert chosen(text, ["Ik pak op", "Kan niet"], (YES, NO)) is None


@pytest.mark.parametrize("text", ["", "ja", "1", "✅", "ik pak op", "ok, ik ga"])
def test_what_is_no_nod(text: str) -> None:
    assert not is_nod(text)


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("1", 1),
        ("2.", 2),
        ("/1", 1),
        ("１", 1),
        ("ik pak op", 1),
        ("Ik_pak op!", 1),
        ("KAN NIET", 2),
        ("✅", 1),
        ("2️⃣", 2),
        ("3", None),
        ("0", None),
        ("1 kind", None),
        ("²³", None),
        ("", None),
    ],
)
def test_an_option_is_its_number_its_label_and_its_emoji(text: str, option: int | None) -> None:
    assert chosen(text, ["Ik pak op", "Kan niet"], (YES, NO)) == option


@given(st.text())
def test_no_text_raises(text: str) -> None:
    chosen(text, ["Ik pak op", "Kan niet"], (YES, NO))
    is_nod(text)
    pressed(text, (YES, NO))


def test_sixty_kilobytes() -> None:
    assert chosen("1" * 60_000, ["Ik pak op"], (YES,)) is None
    assert is_nod("👍" * 60_000)
