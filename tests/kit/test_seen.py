"""The screen shows messages as they stand now, whatever the order in which events arrive."""

from typing import Any

from tests.kit.seen import Happening, Screen

ROOM = "!room"
BOT = "@bot:x"


def event(event_id: str, kind: str, content: dict[str, Any], sender: str = BOT) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": kind,
        "sender": sender,
        "origin_server_ts": 1_000,
        "content": content,
    }


def text(event_id: str, body: str, kind: str = "m.text", sender: str = BOT) -> dict[str, Any]:
    return event(event_id, "m.room.message", {"msgtype": kind, "body": body}, sender)


def edit(event_id: str, target: str, body: str, sender: str = BOT) -> dict[str, Any]:
    relation = {"rel_type": "m.replace", "event_id": target}
    new = {"msgtype": "m.text", "body": body}
    content = {**new, "body": f"* {body}", "m.new_content": new, "m.relates_to": relation}
    return event(event_id, "m.room.message", content, sender)


def tap(event_id: str, target: str, emoji: str, sender: str = "@om:x") -> dict[str, Any]:
    relation = {"rel_type": "m.annotation", "event_id": target, "key": emoji}
    return event(event_id, "m.reaction", {"m.relates_to": relation}, sender)


def removal(event_id: str, target: str) -> dict[str, Any]:
    return {**event(event_id, "m.room.redaction", {"redacts": target}), "redacts": target}


def screen_of(*events: dict[str, Any]) -> Screen:
    screen = Screen()
    for one in events:
        screen.take(ROOM, one, encrypted=True, readable=True)
    return screen


def test_an_edit_replaces_the_text_and_rings_no_second_time() -> None:
    screen = screen_of(text("$1", "eerst"), edit("$2", "$1", "dan"), edit("$3", "$1", "nu"))
    (seen,) = screen
    assert (seen.text, seen.edits, seen.versions) == ("nu", 2, ["eerst", "dan", "nu"])
    assert seen.loud


def test_somebody_elses_edit_changes_nothing() -> None:
    screen = screen_of(text("$1", "eerst"), edit("$2", "$1", "vals", sender="@om:x"))
    assert screen["$1"].text == "eerst"


def test_edits_and_taps_that_come_before_their_message_are_kept_for_it() -> None:
    screen = screen_of(edit("$2", "$1", "nu"), tap("$3", "$1", "✅"), text("$1", "eerst"))
    (seen,) = screen
    assert (seen.text, seen.emoji("@om:x")) == ("nu", ("✅",))


def test_taps_stand_in_order_until_they_are_taken_away() -> None:
    screen = screen_of(text("$1", "vraag"), tap("$2", "$1", "✅", BOT), tap("$3", "$1", "❌", BOT))
    assert screen["$1"].emoji(BOT) == ("✅", "❌")
    screen.take(ROOM, removal("$4", "$2"), encrypted=False, readable=True)
    assert screen["$1"].emoji(BOT) == ("❌",)


def test_a_message_that_was_taken_away_has_no_text() -> None:
    screen = screen_of(text("$1", "weg ermee"), removal("$2", "$1"))
    assert (screen["$1"].redacted, screen["$1"].text) == (True, "")


def test_the_same_event_twice_is_one_message() -> None:
    assert len(screen_of(text("$1", "een"), text("$1", "een")).messages) == 1


def test_a_message_whose_key_is_late_cannot_be_read_until_it_comes() -> None:
    screen = Screen()
    told: list[Happening] = []
    screen.listeners.append(told.append)
    locked = event("$1", "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2"})
    screen.take(ROOM, locked, encrypted=True, readable=False)
    assert (screen["$1"].undecryptable, screen["$1"].text) == (True, "")
    screen.read_late(ROOM, text("$1", "open", kind="m.notice"))
    (seen,) = screen
    assert (seen.undecryptable, seen.text, seen.loud) == (False, "open", False)
    assert [happening.what for happening in told] == ["message", "message"]


def test_an_edit_that_cannot_be_read_is_told() -> None:
    screen = screen_of(text("$1", "eerst"))
    relation = {"rel_type": "m.replace", "event_id": "$1"}
    locked = event("$2", "m.room.encrypted", {"m.relates_to": relation})
    screen.take(ROOM, locked, encrypted=True, readable=False)
    assert screen["$1"].undecryptable
    screen.read_late(ROOM, edit("$2", "$1", "nu"))
    assert (screen["$1"].undecryptable, screen["$1"].text) == (False, "nu")
