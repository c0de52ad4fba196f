"""Calendar files made by hand, read back by a parser that nobody here wrote."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from commands.roster.calendar_lines import folded, instant, text

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)


@given(words)
def test_any_text_comes_back(said: str) -> None:
    made = folded(["BEGIN:VEVENT", text("SUMMARY", said), "END:VEVENT"])
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    event: Any = Event.from_ical(made)
    assert str(event["summary"]) == said


def test_a_line_cannot_be_broken_out_of() -> None:
    assert text("SUMMARY", "a\r\nEND:VEVENT") == "SUMMARY:a\\nEND:VEVENT"


def test_a_time_is_that_of_the_world() -> None:
    assert instant("DTSTART", 1_783_690_800_999) == "DTSTART:20260710T134000Z"
