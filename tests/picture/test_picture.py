"""What is drawn is what was received: no word is lost, no character is a box."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.picture.film import By, Chip, Frame
from tests.picture.letters import is_emoji, missing, pieces, without_glyph
from tests.picture.reel import chosen, until
from tests.picture.wrapping import wrapped

CATALOGUES = sorted((Path(__file__).parents[2] / "config" / "texts").glob("*.po"))
with_letters = pytest.mark.skipif(bool(missing()), reason=missing())
words = st.text("abc🔴·", min_size=1, max_size=30)


def _width(text: str) -> float:
    return len(text)


def _sticks(word: str) -> bool:
    return word == "🔴"


# wrapping


@given(st.lists(words, max_size=20), st.integers(1, 40))
@example(["🔴", "a" * 40], 40)
@example(["🔴", "🔴", "🔴"], 3)
def test_wrapping_loses_no_word_and_keeps_the_limit(given_words: list[str], limit: int) -> None:
    lines = wrapped(" ".join(given_words), limit, _width, _sticks)

    assert "".join("".join(lines).split()) == "".join(given_words)
    assert all(len(line) <= limit for line in lines)


def test_words_that_fit_are_not_broken_and_own_lines_stay() -> None:
    assert wrapped("een twee drie\nvier", 8, _width) == ["een twee", "drie", "vier"]


def test_an_emoji_stays_with_the_word_that_it_is_the_button_of() -> None:
    assert wrapped("reageer 🔴 rood", 9, _width, _sticks) == ["reageer", "🔴 rood"]


# what is shown of a film


def _frame(
    message: str, text: str, *, pressed: bool = False, since: int = 0, by: By = "bot"
) -> Frame:
    chips = (Chip("✅", 2, mine=True),) if pressed else ()
    return Frame(message, "!r", "@x:y", by, since, text, "m.text", chips=chips, pressed=pressed)


def _texts(frames: list[Frame]) -> list[str]:
    return [frame.text for frame in frames]


def test_shown_is_what_was_pressed_and_how_it_ended() -> None:
    film = [
        _frame("a", "kind?", pressed=True),
        _frame("a", "place?"),
        _frame("me", "a sentence", by="me"),
        _frame("a", "sure?", pressed=True),
        _frame("a", "1 of 4"),
        _frame("b", "question"),
        _frame("a", "4 of 4"),
    ]

    assert _texts(chosen(film, (), "!r")) == ["kind?", "a sentence", "sure?", "4 of 4", "question"]


def test_what_was_taken_away_or_stands_in_another_room_is_not_shown() -> None:
    film = [_frame("a", "old"), _frame("b", "new")]

    assert _texts(chosen(film, {"a"}, "!r")) == ["new"]
    assert chosen(film, (), "!elsewhere") == []


def test_a_film_can_stop_earlier() -> None:
    film = [_frame("a", "then", since=1), _frame("a", "later", since=2)]

    assert _texts(chosen(until(film, 1), (), "!r")) == ["then"]


# letters and emoji


@with_letters
@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.name)
def test_every_character_of_the_catalogues_can_be_drawn(catalogue: Path) -> None:
    assert without_glyph(catalogue.read_text(encoding="utf-8")) == set()


@with_letters
def test_what_has_no_glyph_is_noticed() -> None:
    assert without_glyph("a漢") == {"漢"}


@with_letters
@pytest.mark.parametrize("emoji", ["1️⃣", "6️⃣", "✅", "❌", "🔴", "⚠️", "⚠", "🔔", "📎"])
def test_an_emoji_is_one_piece(emoji: str) -> None:
    assert is_emoji(emoji)
    assert [piece.text for piece in pieces(f"kies {emoji} 1")] == ["kies ", emoji, " 1"]


@with_letters
@given(st.text("ab1 🔴✅️⃣·…", max_size=20))
def test_cutting_into_pieces_loses_nothing(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text
