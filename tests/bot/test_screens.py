"""Edits that change nothing."""

from bot.channels.base import Accepted, Later, Say
from bot.screens import Screens

ROOM, EVENT = "5001", "5001:7"


def say(text: str, replaces: str | None = EVENT, button: str = "Ik pak op") -> Say:
    return Say(ROOM, "k", text, False, replaces, keyboard=((button, "1.abc"),))


def test_what_stands_there_already_is_not_sent_again() -> None:
    screens = Screens()
    screens.note(say("1 van 4", replaces=None), Accepted((EVENT,)))
    assert screens.shows(say("1 van 4")) == Accepted((EVENT,))
    assert screens.shows(say("2 van 4")) is None
    screens.note(say("2 van 4"), Accepted((EVENT,)))
    assert screens.shows(say("1 van 4")) is None, "it was changed meanwhile"


def test_other_buttons_are_a_change() -> None:
    screens = Screens()
    screens.note(say("1 van 4"), Accepted((EVENT,)))
    assert screens.shows(say("1 van 4", button="Kan niet")) is None


def test_after_an_edit_that_may_have_failed_it_is_sent_again() -> None:
    screens = Screens()
    screens.note(say("1 van 4"), Accepted((EVENT,)))
    screens.note(say("2 van 4"), Later("no answer", unknown=True))
    assert screens.shows(say("1 van 4")) is None
    assert screens.shows(say("2 van 4")) is None


def test_a_new_message_is_never_held_back() -> None:
    screens = Screens()
    screens.note(say("1 van 4", replaces=None), Accepted((EVENT,)))
    assert screens.shows(say("1 van 4", replaces=None)) is None
