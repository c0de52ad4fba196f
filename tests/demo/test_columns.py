"""Columns stay straight, whatever stands in them."""

import pytest

from tests.demo.columns import BOLD, Paint, padded, width, wrapped


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("RvdK", 4), ("één", 3), ("🔔", 2), ("✏️", 2), ("1️⃣ 16:30", 8), ("e\u0301", 1)],
)
def test_an_emoji_takes_two_cells_also_when_it_is_made_of_several_characters(
    text: str, cells: int
) -> None:
    assert width(text) == cells
    assert width(padded(text, 10)) == 10


def test_lines_break_between_words_and_lose_none() -> None:
    text = "Pak je dit op vóór 15:50 (10 min)? https://meet.example/een-heel-lange-link 🔔 nu"
    lines = wrapped(text, 20)
    assert " ".join(lines) == text
    assert all(width(line) <= 20 or " " not in line for line in lines)


def test_without_a_terminal_there_are_no_colour_codes() -> None:
    assert Paint(False)("stil", BOLD) == "stil"
    assert Paint(True)("luid", BOLD) == "\x1b[1mluid\x1b[0m"
