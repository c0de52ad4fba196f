"""What the Bot API reports, in the words of the contract."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.channels.base import Update
from bot.channels.telegram.updates import from_raw, message_of

NOW = 1_800_000_000_123
ANNA = {"id": 7001, "is_bot": False, "first_name": "Anna"}
US = {"id": 70, "is_bot": True, "first_name": "K", "username": "kortelijn_test_bot"}
ALONE = {"id": 7001, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Lage Dijk"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 3}


def message(chat: dict[str, Any] = ALONE, **more: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_700_000_000, "chat": chat, "from": ANNA, **more}


def read(**report: Any) -> Update | None:
    return from_raw({"update_id": 900, **report}, "kortelijn_test_bot", NOW)


def test_a_private_text() -> None:
    assert read(message=message(text="alarm")) == Update(
        "900", "text", "7001", "7001", 1_700_000_000_000, text="alarm", event_id="7001:5"
    )


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("/alarm@kortelijn_test_bot skm spoed", "/alarm skm spoed"),
        ("/alarm@Kortelijn_Test_Bot", "/alarm"),
        ("/start abc-DEF_1", "/start abc-DEF_1"),
        ("stuur naar /alarm@kortelijn_test_bot", "stuur naar /alarm@kortelijn_test_bot"),
    ],
)
def test_our_name_behind_a_command_goes(typed: str, understood: str) -> None:
    update = read(message=message(GROUP, text=typed))
    assert update is not None
    assert (update.room, update.text) == ("-100500", understood)


def test_a_command_for_another_bot_is_not_ours() -> None:
    assert read(message=message(GROUP, text="/alarm@other_bot")) is None


def test_a_tap_tells_its_message_uniquely_and_takes_our_time() -> None:
    query = {"id": "1", "from": ANNA, "chat_instance": "1", "data": "t:12"}
    expected = Update(
        "900", "tap", "-100500", "7001", NOW, text="t:12", about="-100500:5", timed=False
    )
    assert read(callback_query={**query, "message": message(GROUP, text="x")}) == expected
    gone = {"chat": GROUP, "message_id": 5, "date": 0}
    assert read(callback_query={**query, "message": gone}) == expected


def test_a_reply_tells_what_it_answers() -> None:
    update = read(message=message(text="1", reply_to_message=message(text="vraag", message_id=4)))
    assert update is not None
    assert (update.reply, update.about) == (True, "7001:4")


def test_hanging_on_a_topic_is_no_reply() -> None:
    first = message(GROUP, forum_topic_created={"name": "K7Q4", "icon_color": 1})
    update = read(message=message(GROUP, text="hoi", reply_to_message=first))
    assert update is not None
    assert (update.reply, update.about) == (False, None)


def test_an_edit_is_no_command_and_has_its_own_time() -> None:
    update = read(edited_message=message(text="alarm", edit_date=1_700_000_060))
    assert update is not None
    assert (update.kind, update.edit, update.at) == ("text", True, 1_700_000_060_000)


@pytest.mark.parametrize(
    "how",
    [
        {"forward_origin": {"type": "user", "date": 1, "sender_user": ANNA}},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
        {"via_bot": {"id": 1, "is_bot": True, "first_name": "gif"}},
    ],
    ids=["user", "hidden", "via"],
)
def test_what_was_not_typed_is_told(how: dict[str, Any]) -> None:
    update = read(message=message(text="alarm", **how))
    assert update is not None
    assert update.forwarded


@pytest.mark.parametrize(
    "what",
    [
        {"photo": [{**FILE, "width": 9, "height": 9}], "caption": "alarm"},
        {"voice": {**FILE, "duration": 2}},
        {"document": FILE},
        {"location": {"longitude": 4.0, "latitude": 52.0}},
        {"contact": {"phone_number": "0800-2000", "first_name": "X"}},
    ],
    ids=lambda what: next(iter(what)),
)
def test_files_are_only_told_of(what: dict[str, Any]) -> None:
    update = read(message=message(**what))
    assert update is not None
    assert (update.kind, update.text) == ("file", "")


def change(chat: dict[str, Any], status: str) -> dict[str, Any]:
    until = {"until_date": 0} if status == "kicked" else {}
    return {
        "chat": chat,
        "from": ANNA,
        "date": 1_700_000_000,
        "old_chat_member": {"status": "member", "user": US},
        "new_chat_member": {"status": status, "user": US, **until},
    }


def test_blocking_and_coming_back() -> None:
    left, joined = (read(my_chat_member=change(ALONE, how)) for how in ("kicked", "member"))
    assert left == Update("900", "left", "7001", "7001", 1_700_000_000_000)
    assert joined == Update("900", "joined", "7001", "7001", 1_700_000_000_000)


def test_who_puts_us_out_of_a_group_did_not_leave_it() -> None:
    told = read(my_chat_member=change(GROUP, "kicked"))
    assert told == Update("900", "shut_out", "-100500", "7001", 1_700_000_000_000)
    assert read(my_chat_member=change(GROUP, "member")) is None, "we were one already"


def test_without_its_rights_the_bot_cannot_keep_a_group_clean() -> None:
    told = change(GROUP, "member")
    told["old_chat_member"] = {"status": "creator", "user": US, "is_anonymous": False}
    shut_out = read(my_chat_member=told)
    assert shut_out is not None
    assert shut_out.kind == "shut_out"


def test_who_comes_into_a_group_and_who_goes() -> None:
    came, went = change(GROUP, "member"), change(GROUP, "left")
    for told, before in ((came, "left"), (went, "member")):
        told["old_chat_member"] = {"status": before, "user": ANNA}
        told["new_chat_member"]["user"] = ANNA
    at = 1_700_000_000_000
    assert read(chat_member=came) == Update("900", "joined", "-100500", "7001", at)
    assert read(chat_member=went) == Update("900", "left", "-100500", "7001", at)
    came["old_chat_member"] = {"status": "member", "user": ANNA}
    assert read(chat_member=came) is None, "a new title is no coming in"


def in_topic(**more: Any) -> dict[str, Any]:
    return message(GROUP, message_thread_id=56, is_topic_message=True, text="x", **more)


def test_a_topic_is_a_place_of_its_own() -> None:
    said = read(message=in_topic())
    assert said is not None
    assert (said.room, said.event_id) == ("-100500/56", f"-100500:{in_topic()['message_id']}")
    pressed = read(
        callback_query={
            "id": "1",
            "from": ANNA,
            "message": in_topic(),
            "data": "1.x",
            "chat_instance": "1",
        }
    )
    assert pressed is not None
    assert (pressed.room, pressed.about) == ("-100500/56", said.event_id)


def test_what_nobody_known_wrote_in_a_topic_is_looked_at() -> None:
    said = read(message=in_topic(sender_chat=GROUP))
    assert said is not None
    assert (said.sender, said.room) == ("", "-100500/56")


def test_a_group_that_moved_tells_where_it_is_now() -> None:
    update = read(message=message(GROUP, migrate_to_chat_id=-100501))
    assert update is not None
    assert (update.kind, update.room, update.text) == ("moved", str(GROUP["id"]), "-100501")


@pytest.mark.parametrize(
    "report",
    [
        {"message": message(**{"from": US}, text="alarm")},
        {"message": message(GROUP, text="alarm", sender_chat=GROUP)},
        {"message": message(GROUP, text="alarm", sender_chat={"id": -9, "type": "channel"})},
        {"edited_message": message(GROUP, migrate_to_chat_id=-100501)},
        {"message": message(GROUP, new_chat_members=[ANNA])},
        {"message": message(GROUP, pinned_message=message(GROUP, text="x"))},
        {"channel_post": message({"id": -9, "type": "channel", "title": "x"}, text="alarm")},
        {"poll_answer": {"poll_id": "1", "option_ids": [1], "user": ANNA}},
    ],
    ids=["bot", "anonymous", "channel", "moved", "came", "pinned", "post", "poll"],
)
def test_what_no_person_asks_is_dropped(report: dict[str, Any]) -> None:
    assert read(**report) is None


@pytest.mark.parametrize(
    ("report", "room", "sender"),
    [
        ({"message": {"message_id": "x", "chat": ALONE, "from": ANNA}}, "7001", "7001"),
        ({"message": {"message_id": "twaalf", "chat": 7, "date": "gisteren"}}, "", ""),
        ({"message": message(text=["a"])}, "7001", "7001"),
        ({"callback_query": {"id": "1", "from": ANNA, "message": {"chat": GROUP}}}, "-100500",
         "7001"),
        ({"message": message(teleport={"to": "moon"})}, "7001", "7001"),
    ],
    ids=["no date", "garbled", "list as text", "tap", "newer than the library"],
)  # fmt: skip
def test_what_cannot_be_parsed_is_unreadable(
    report: dict[str, Any], room: str, sender: str
) -> None:
    update = read(**report)
    assert update is not None
    assert (update.update_id, update.kind) == ("900", "unreadable")
    assert (update.room, update.sender, update.text) == (room, sender, "")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*message(), "text", "photo", "id", "type"]), inner)
    ),
    max_leaves=12,
)


@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), _json)
def test_no_report_ever_raises(kind: str, content: Any) -> None:
    with capture_logs():  # drawing all these errors takes longer than making them
        update = read(**{kind: content})
    assert update is None or update.update_id == "900"


def test_an_event_tells_chat_and_number() -> None:
    assert message_of("-100500:5") == (-100500, 5)
    assert message_of("900") is None
    assert message_of("$event:server") is None
