"""What happens on the homeserver becomes updates: each once, in order, none lost."""

import asyncio
import json
from typing import Any

from bot.channels.base import Enter, Leave, Refused, Remove, Say
from tests.channels.matrix.bot import Bot, fresh_key
from tests.channels.matrix.conftest import MakeBot
from tests.conftest import MakePhone
from tests.kit.phone import Phone


async def test_what_people_do_becomes_updates(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    who = phone.user_id
    room = await bot.opens("K7Q4", who)
    await phone.settle()
    joined = await bot.receives_kind("joined", who)
    assert joined.room == room

    event_id = await bot.says(room, "Pak je dit op?")
    seen = await phone.expects("Pak je dit op?")
    await phone.reads(seen)
    receipt = await bot.receives_kind("seen", who)
    assert receipt.about == event_id
    assert receipt.update_id == f"seen:{room}:{who}:{event_id}"

    tap_id = await phone.taps(seen, "👍🏽")
    tap = await bot.receives_kind("tap", who)
    assert (tap.text, tap.about, tap.update_id) == ("👍", event_id, tap_id)
    await phone.untaps(seen, "👍🏽")
    assert (await bot.receives_kind("untap", who)).about == tap_id

    said = await phone.says(room, "ik pak op", reply_to=seen)
    text = await bot.receives_kind("text", who)
    assert (text.text, text.about, text.reply, text.edit) == ("ik pak op", event_id, True, False)
    assert (text.update_id, text.at) == (said.event_id, said.at)

    await phone.edits(said, "kan niet")
    edit = await bot.receives(lambda u: u.edit)
    assert (edit.kind, edit.text, edit.about) == ("text", "kan niet", said.event_id)

    await phone.sends_file(room, "foto.png", "image/png", b"\x89PNG")
    await bot.receives_kind("file", who)

    await phone.leaves(room)
    await bot.receives_kind("left", who)


async def test_own_acts_are_no_updates(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    event_id = await bot.says(room, "van de bot zelf")
    await phone.expects("van de bot zelf")
    standing = await bot.offers(room, event_id, "✅")
    await bot.offers(room, event_id, standing=standing)
    await bot.does(Remove(room, fresh_key(), phone.user_id))
    left = await bot.receives_kind("left", phone.user_id)  # what we did to another is one
    assert [u.sender for u in bot.updates] == [phone.user_id] * 2
    assert left.room == room


async def test_a_refused_invitation_counts_as_left(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot="@niemand:lage-dijk.example")  # accepts nothing by itself
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await phone.client.room_leave(room)
    assert (await bot.receives_kind("left", phone.user_id)).room == room


async def test_a_new_name_is_no_second_joining(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    await phone.client.set_displayname("Piket")
    probe = await phone.says(room, "klaar")
    await bot.receives(lambda u: u.update_id == probe.event_id)
    assert [u.kind for u in bot.updates] == ["joined", "text"]


async def test_nothing_is_lost_while_the_bot_is_down(bot: Bot, make_phone: MakePhone) -> None:
    """More than one sync and more than one page of history bring."""
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    before = await phone.says(room, "voor de storing")
    await bot.receives(lambda u: u.update_id == before.event_id)
    await bot.channel.stop()
    for number in range(230):
        content = {"msgtype": "m.text", "body": f"nr {number}"}
        await _sealed(phone, room, "m.room.message", content)
    bot.updates.clear()
    await bot.restart()
    assert [u.text for u in bot.updates] == [f"nr {number}" for number in range(230)]


async def test_the_same_cursor_gives_the_same_updates(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    cursor = bot.cursor
    for number in range(3):
        await phone.says(room, f"nr {number}")
    first = await bot.channel.receive(cursor)
    again = await bot.channel.receive(cursor)
    assert [u.text for u in first.updates] == ["nr 0", "nr 1", "nr 2"]
    assert again.updates == first.updates
    bot.cursor = cursor  # as after a crash before the commit
    bot.updates.clear()
    await bot.restart()
    assert tuple(bot.updates) == first.updates


async def test_without_a_cursor_old_messages_are_not_replayed(
    bot: Bot, make_phone: MakePhone
) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    old = await phone.says(room, "lang geleden")
    await bot.receives(lambda u: u.update_id == old.event_id)
    bot.cursor = None
    bot.updates.clear()
    await bot.restart()
    assert [(u.kind, u.sender, u.room) for u in bot.updates] == [("joined", phone.user_id, room)]
    new = await phone.says(room, "nu")
    await bot.receives(lambda u: u.update_id == new.event_id and u.text == "nu")


async def test_sending_works_between_start_and_receive(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    await phone.says(room, "tijdens de storing")
    await bot.channel.stop()
    bot.updates.clear()
    await bot.channel.start(bot.cursor)
    await bot.says(room, "weer terug")
    await phone.expects("weer terug")
    await bot.receive()
    assert [u.text for u in bot.updates] == ["tijdens de storing"]


async def test_a_message_that_cannot_be_decrypted_is_unreadable(
    bot: Bot, make_phone: MakePhone
) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    good = await phone.says(room, "leesbaar")
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEpABm6",
        "session_id": "een sleutel die niemand heeft",
        "sender_key": "x",
        "device_id": "y",
    }
    unread = [await _raw(phone, room, "m.room.encrypted", content) for _ in range(3)]
    last = await phone.says(room, "daarna")
    await bot.receives(lambda u: u.update_id == last.event_id)
    said = [(u.update_id, u.kind) for u in bot.updates if u.kind != "joined"]
    bad = [(event_id, "unreadable") for event_id in unread]
    assert said == [(good.event_id, "text"), *bad, (last.event_id, "text")]


async def test_a_message_of_a_stolen_key_is_unreadable(bot: Bot, make_phone: MakePhone) -> None:
    """Somebody sends again, as his own, what another's device encrypted."""
    phone, thief = await make_phone("om", bot=bot.user), await make_phone("vt", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, thief.user_id)
    await phone.settle()
    await thief.settle()
    said = await phone.says(room, "ik pak op")
    outside = await thief.client.send("GET", _event_path(room, said.event_id), None, _bearer(thief))
    content = (await outside.json())["content"]
    stolen = await _raw(thief, room, "m.room.encrypted", content)
    update = await bot.receives(lambda u: u.update_id == stolen)
    assert update.kind == "unreadable"
    assert any(u.update_id == said.event_id and u.text == "ik pak op" for u in bot.updates)


async def test_malformed_messages_hurt_nobody(bot: Bot, make_blind_phone: MakePhone) -> None:
    phone = await make_blind_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    odd: list[dict[str, Any]] = [
        {},
        {"msgtype": "m.text"},
        {"msgtype": 7, "body": []},
        {"msgtype": "m.text", "body": {"a": 1}},
        {"msgtype": "m.text", "body": "x", "m.relates_to": "y"},
        {"msgtype": "m.text", "body": "x", "m.relates_to": {"m.in_reply_to": 3}},
        {"msgtype": "m.text", "m.new_content": 3, "m.relates_to": {"rel_type": "m.replace"}},
        {"msgtype": "m.text", "body": "z" * 20_000},
    ]
    for content in odd:
        await _sealed(phone, room, "m.room.message", content)
        await _sealed(phone, room, "een.soort.van.niemand", content)
        await _raw(phone, room, "m.room.message", content)
        await _raw(phone, room, "m.reaction", {"m.relates_to": content})
    await _raw(phone, room, "m.room.encrypted", {"algorithm": 4})
    await _raw(phone, room, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2"})
    probe = await _sealed(phone, room, "m.room.message", {"msgtype": "m.text", "body": "heel"})
    await bot.receives(lambda u: u.update_id == probe and u.text == "heel")
    long = [u for u in bot.updates if u.text.startswith("zzz")]
    assert [len(u.text) for u in long] == [4_000, 4_000]  # encrypted, and not


async def test_an_invitation_is_told_and_not_accepted(bot: Bot, make_phone: MakePhone) -> None:
    stranger = await make_phone("vreemde", bot=bot.user)
    made = await stranger.client.room_create(invite=[bot.user], is_direct=True)
    room = made.room_id
    update = await bot.receives_kind("invited", stranger.user_id)
    assert update.room == room
    members = (await stranger.client.joined_members(room)).members
    assert [member.user_id for member in members] == [stranger.user_id]
    await bot.does(Enter(room, fresh_key()))
    await bot.does(Say(room, fresh_key(), "Dit kanaal is besloten.", loud=True))
    await stranger.expects("Dit kanaal is besloten.")
    await bot.does(Leave(room, fresh_key()))
    await bot.does(Leave(room, fresh_key()))
    say = Say(room, fresh_key(), "te laat", loud=True)
    assert isinstance(await bot.channel.send(say), Refused)


async def test_a_stranger_who_invites_again_is_told_again(bot: Bot, make_phone: MakePhone) -> None:
    stranger = await make_phone("vreemde", bot=bot.user)
    rooms = []
    for _ in range(2):
        made = await stranger.client.room_create(invite=[bot.user])
        rooms.append(made.room_id)
        await bot.receives(lambda u, room=made.room_id: u.kind == "invited" and u.room == room)  # type: ignore[misc]
        await bot.does(Leave(made.room_id, fresh_key()))
    await stranger.client.room_invite(rooms[0], bot.user)
    async with asyncio.timeout(30):
        while sum(u.room == rooms[0] for u in bot.updates) < 2:
            await bot.receive()
    assert len({u.update_id for u in bot.updates}) == 3


async def test_keys_are_refilled_before_they_run_out(
    make_bot: MakeBot,
) -> None:
    """Sixty devices want to write while the bot does not look: the last find a fallback key,
    and after that there are one-time keys again."""
    bot, probe = await make_bot(), await make_bot()
    await bot.channel._house  # type: ignore[misc]
    server = probe.channel._started().session.homeserver
    device = bot.channel._started().session.device_id
    kinds = []
    for _ in range(60):
        body = {"one_time_keys": {bot.user: {device: "signed_curve25519"}}}
        answer = await server.call("POST", "client/v3/keys/claim", body)
        (key,) = answer["one_time_keys"][bot.user][device].values()
        kinds.append(bool(key.get("fallback")))
    assert kinds == [False] * 50 + [True] * 10
    await bot.restart()
    await bot.channel._house  # type: ignore[misc]
    answer = await server.call("POST", "client/v3/keys/claim", body)
    (key,) = answer["one_time_keys"][bot.user][device].values()
    assert not key.get("fallback")


async def _sealed(phone: Phone, room: str, kind: str, content: dict[str, Any]) -> str:
    answer = await phone.client.room_send(room, kind, dict(content), ignore_unverified_devices=True)
    return str(answer.event_id)


async def _raw(phone: Phone, room: str, kind: str, content: dict[str, Any]) -> str:
    """An event as it is, without nio's care."""
    path = f"/_matrix/client/v3/rooms/{room}/send/{kind}/{fresh_key().replace('/', '-')}"
    answer = await phone.client.send("PUT", path, json.dumps(content), _bearer(phone))
    return str((await answer.json()).get("event_id"))  # none: the server itself refuses it


def _bearer(phone: Phone) -> dict[str, str]:
    return {"Authorization": f"Bearer {phone.client.access_token}"}


def _event_path(room: str, event_id: str) -> str:
    return f"/_matrix/client/v3/rooms/{room}/event/{event_id}"
