"""Events that people may send in any shape become updates or nothing, never a fault."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.matrix import updates
from bot.channels.matrix.emoji import plain
from bot.channels.matrix.news import take_apart

BOT = "@bot:lage-dijk.example"
OM = "@om:lage-dijk.example"
ROOM = "!ruimte"


def event(kind: str, content: object, **more: Any) -> dict[str, Any]:
    basic = {"event_id": "$1", "sender": OM, "origin_server_ts": 5, "type": kind}
    return {**basic, "content": content, **more}


def update_of(kind: str, content: object, **more: Any) -> Any:
    return updates.from_event(ROOM, event(kind, content, **more), BOT)


WORDS = """
msgtype body m.relates_to rel_type event_id key m.in_reply_to m.new_content membership redacts ts
m.read m.annotation m.replace m.text m.image join leave invite events rooms timeline state
to_device limited prev_batch content type next_batch device_lists
"""
KINDS = """
m.room.message m.reaction m.room.redaction m.room.member m.room.encrypted m.sticker m.receipt
een.eigen.soort
"""
words = st.sampled_from(WORDS.split())
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | words
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=15,
)
kinds = st.sampled_from(KINDS.split())


@example("m.receipt", {"$1": {"m.read": True}}, None, None)
@example("m.room.message", {"msgtype": []}, None, None)
@given(kinds, anything, anything, anything)
def test_no_content_is_a_fault(kind: str, content: object, key: object, unsigned: object) -> None:
    odd = event(kind, content, state_key=key, unsigned=unsigned)
    for made in (odd, event(kind, content)):
        updates.from_event(ROOM, made, BOT)
        updates.joined(ROOM, made, BOT)
        updates.invited(ROOM, made, BOT, "mark", 0)
        list(updates.seen(ROOM, made, BOT))


@given(st.dictionaries(words, anything, max_size=8))
def test_no_answer_to_a_sync_is_a_fault(answer: dict[str, Any]) -> None:
    news = take_apart(answer, 0.0)
    assert (news is None) == (not isinstance(answer.get("next_batch"), str))


def test_a_reply_of_an_old_client_is_freed_from_its_quote() -> None:
    relation = {"m.in_reply_to": {"event_id": "$vraag"}}
    body = f"> <{OM}> Pak je dit op?\n> tweede regel\n\n1\nen meer"
    content = {"msgtype": "m.text", "body": body, "m.relates_to": relation}
    update = update_of("m.room.message", content)
    assert (update.text, update.about, update.reply) == ("1\nen meer", "$vraag", True)


def test_a_quote_that_is_no_reply_stays() -> None:
    update = update_of("m.room.message", {"msgtype": "m.text", "body": "> <x> y"})
    assert (update.text, update.reply) == ("> <x> y", False)


def test_a_message_in_a_thread_is_no_reply() -> None:
    relation = {
        "rel_type": "m.thread",
        "event_id": "$begin",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$laatste"},
    }
    content = {"msgtype": "m.text", "body": "1", "m.relates_to": relation}
    update = update_of("m.room.message", content)
    assert (update.about, update.reply) == (None, False)


def test_notices_of_others_are_not_heard() -> None:
    assert update_of("m.room.message", {"msgtype": "m.notice", "body": "1"}) is None


@pytest.mark.parametrize("kind", ["m.image", "m.audio", "m.video", "m.file", "m.location"])
def test_files_of_all_kinds_are_files(kind: str) -> None:
    assert update_of("m.room.message", {"msgtype": kind, "body": "Jan.jpg"}).kind == "file"
    assert update_of("m.room.message", {"msgtype": kind, "body": "Jan.jpg"}).text == ""


def test_what_was_taken_away_is_nothing() -> None:
    for kind in ("m.room.message", "m.room.encrypted", "m.reaction"):
        assert update_of(kind, {}) is None


def test_a_redaction_is_understood_in_old_and_new_rooms() -> None:
    assert update_of("m.room.redaction", {"redacts": "$tap"}).about == "$tap"
    assert update_of("m.room.redaction", {}, redacts="$tap").about == "$tap"


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (None, "join", "joined"),
        ("invite", "join", "joined"),
        ("leave", "join", "joined"),
        ("join", "join", None),
        ("join", "leave", "left"),
        ("invite", "leave", "left"),
        ("join", "ban", "left"),
        ("leave", "ban", None),
        (None, "invite", None),
    ],
)
def test_membership(before: str | None, now: str, kind: str | None) -> None:
    unsigned = {"prev_content": {"membership": before}} if before else {}
    made = event("m.room.member", {"membership": now}, state_key=OM, unsigned=unsigned)
    update = updates.from_event(ROOM, {**made, "sender": BOT}, BOT)
    assert (update.kind if update else None) == kind
    assert update is None or update.sender == OM  # the one whom it is about


def test_private_receipts_count_too() -> None:
    content = {"$m": {"m.read": {OM: {"ts": 7}, BOT: {"ts": 8}}, "m.read.private": {"@x:y": {}}}}
    found = list(updates.seen(ROOM, event("m.receipt", content), BOT))
    assert [(u.sender, u.about, u.at) for u in found] == [(OM, "$m", 7), ("@x:y", "$m", 0)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("👍🏽", "👍"),
        ("👍️", "👍"),
        ("✅", "✅"),
        ("❌\ufe0f", "❌"),
        ("1⃣", "1️⃣"),
        ("1️⃣", "1️⃣"),
        ("", ""),
        ("ok", "ok"),
    ],
)
def test_emoji_have_one_spelling(typed: str, meant: str) -> None:
    assert plain(typed) == meant
