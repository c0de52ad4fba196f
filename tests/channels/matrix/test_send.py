"""Deliveries on a real homeserver: what people see, and that a repeat changes nothing."""

import asyncio

from bot.channels.base import (
    Accepted,
    Buttons,
    Erase,
    Invite,
    Later,
    Leave,
    OpenRoom,
    Probe,
    Refused,
    Remove,
    Say,
    SendFile,
)
from tests.channels.matrix.bot import Bot, fresh_key
from tests.channels.matrix.conftest import MakeBot
from tests.conftest import MakePhone, MakeUser


async def test_the_same_key_is_one_message(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    say = Say(room, fresh_key(), "Pak je dit op?", loud=True)
    first = await bot.channel.send(say)
    again = await asyncio.gather(*(bot.channel.send(say) for _ in range(5)))
    assert all(receipt == first for receipt in again)
    await phone.expects("Pak je dit op?", loud=True)  # a second one would be unexpected


async def test_the_same_key_is_one_message_after_a_restart(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    say = Say(room, fresh_key(), "Pak je dit op?", loud=True)
    first = await bot.channel.send(say)
    await bot.restart()
    assert await bot.channel.send(say) == first
    await phone.expects("Pak je dit op?")


async def test_a_message_rings_or_not_and_can_be_edited(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    event_id = await bot.says(room, "0 van 4 opgepakt", loud=False)
    seen = await phone.expects("0 van 4", loud=False)
    await bot.says(room, "1 van 4 opgepakt", loud=False, replaces=event_id)
    await phone.shows(seen, "1 van 4 opgepakt")
    assert seen.encrypted


async def test_text_is_shown_as_written(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await bot.says(room, "<b>vet</b> & \u202etxt\u202c\nregel 2 @room")
    seen = await phone.expects("regel 2")
    assert seen.text == "<b>vet</b> & txt\nregel 2 @room"
    shown = "&lt;b&gt;vet&lt;/b&gt; &amp; txt<br>regel 2 @room"
    assert seen.content["formatted_body"] == shown
    assert seen.content["m.mentions"] == {}


async def test_buttons_are_set_in_order_and_replaced(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    event_id = await bot.says(room, "Wanneer kun je?")
    seen = await phone.expects("Wanneer kun je?")
    standing = await bot.offers(room, event_id, "1️⃣", "2️⃣", "❌")
    await phone.offers(seen, "1️⃣", "2️⃣", "❌")
    second = await bot.offers(room, event_id, "❌", "✅", standing=standing)
    await phone.offers(seen, "❌", "✅")
    assert second[0] == standing[2]  # what is still wanted was not touched
    await bot.offers(room, event_id, standing=second)
    await phone.offers(seen)


async def test_buttons_set_twice_are_set_once(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    event_id = await bot.says(room, "Pak je dit op?")
    seen = await phone.expects("Pak je dit op?")
    buttons = Buttons(room, fresh_key(), event_id, ("✅", "❌"))
    first = await bot.does(buttons)
    assert await bot.does(buttons) == first
    other_key = Buttons(room, fresh_key(), event_id, ("✅", "❌"))
    assert await bot.does(other_key) == first  # as after a login as a new device
    await phone.offers(seen, "✅", "❌")


async def test_a_file_arrives_encrypted(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    file = SendFile(room, fresh_key(), "overleg.ics", "text/calendar", b"BEGIN:VCALENDAR")
    await bot.does(file)
    seen = await phone.expects("overleg.ics")
    assert seen.encrypted
    assert "key" in seen.content["file"]
    assert await phone.opens(seen) == b"BEGIN:VCALENDAR"


async def test_a_message_can_be_taken_away(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    said = await phone.says(room, "er stond een nummer in")
    erase = Erase(room, fresh_key(), said.event_id)
    first = await bot.does(erase)
    assert await bot.does(erase) == first
    await phone.gone(said)


async def test_a_removal_and_a_message_may_have_one_key(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    key = fresh_key()
    (event_id,) = await bot.does(Say(room, key, "weg hiermee", loud=False))
    seen = await phone.expects("weg hiermee")
    assert await bot.does(Erase(room, key, event_id)) != (event_id,)
    await phone.gone(seen)


async def test_asking_twice_makes_one_room(bot: Bot, make_user: MakeUser) -> None:
    om, vt = await make_user("om"), await make_user("vt")
    wish = OpenRoom(fresh_key(), "K7Q4", (om,))
    first = await bot.does(wish)
    more = OpenRoom(wish.key, "K7Q4", (om, vt))
    assert await bot.does(more) == first
    await bot.restart()
    assert await bot.does(more) == first


async def test_one_who_cannot_be_invited_keeps_nobody_out(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    elsewhere = "@iemand:elders.example"  # this server talks to no other
    room = await bot.opens("K7Q4", elsewhere, phone.user_id)
    await phone.settle()
    assert phone.rooms == {room: "K7Q4"}
    await bot.says(room, "voor wie er is")
    await phone.expects("voor wie er is")
    alone = OpenRoom(fresh_key(), "Kortelijn", (elsewhere,), direct=True)
    assert isinstance(await bot.channel.send(alone), Refused)


async def test_many_ask_for_one_room_at_once(bot: Bot, make_user: MakeUser) -> None:
    wish = OpenRoom(fresh_key(), "K7Q4", (await make_user("om"),))
    rooms = await asyncio.gather(*(bot.does(wish) for _ in range(4)))
    assert len(set(rooms)) == 1


async def test_a_room_that_a_dying_server_made_half_is_made_anew(
    bot: Bot, make_phone: MakePhone
) -> None:
    """Its name leads to a room that we are not in."""
    phone = await make_phone("om", bot=bot.user)
    wish = OpenRoom(fresh_key(), "K7Q4", (phone.user_id,))
    (half,) = await bot.does(OpenRoom(wish.key, "K7Q4"))
    await bot.does(Leave(half, fresh_key()))
    receipt = await bot.channel.send(wish)
    assert isinstance(receipt, Later)
    assert not receipt.channel_down
    (room,) = await bot.does(wish)
    await phone.settle()
    assert (room != half, phone.rooms) == (True, {room: "K7Q4"})
    await bot.says(room, "voor wie er is")
    await phone.expects("voor wie er is")


async def test_a_room_behind_our_alias_that_is_not_ours_is_refused(
    make_bot: MakeBot, make_phone: MakePhone
) -> None:
    bot, thief = await make_bot(), await make_bot()
    key = fresh_key()
    await thief.does(OpenRoom(key, "val", (bot.user,)))
    receipt = await bot.channel.send(OpenRoom(key, "K7Q4"))
    assert isinstance(receipt, Refused)


async def test_state_tells_nothing_but_the_reference(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, signed_only=True)
    await phone.settle()
    state = {e["type"]: e for e in await phone.state(room) if e["type"] != "m.room.member"}
    assert state["m.room.name"]["content"] == {"name": "K7Q4"}
    assert "m.room.topic" not in state
    assert "m.room.avatar" not in state
    assert state["m.room.history_visibility"]["content"] == {"history_visibility": "joined"}
    assert state["m.room.guest_access"]["content"] == {"guest_access": "forbidden"}
    assert state["m.room.join_rules"]["content"] == {"join_rule": "invite"}
    assert state["m.room.encryption"]["content"]["algorithm"] == "m.megolm.v1.aes-sha2"
    known = {
        "m.room.create",
        "m.room.power_levels",
        "m.room.canonical_alias",
        "m.room.name",
        "m.room.history_visibility",
        "m.room.guest_access",
        "m.room.join_rules",
        "m.room.encryption",
    }
    assert state.keys() == known


async def test_only_the_bot_may_change_a_room(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    other = await make_phone("vt", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, other.user_id)
    await phone.settle()
    await other.settle()
    client = phone.client
    said = await other.says(room, "van een ander")
    await phone.settle()
    tries = [
        client.room_put_state(room, "m.room.name", {"name": "Jan Jansen"}),
        client.room_put_state(room, "m.room.topic", {"topic": "iets"}),
        client.room_put_state(room, "im.vector.modular.widgets", {"url": "x"}, "w"),
        client.room_put_state(room, "org.matrix.msc3401.call.member", {}, phone.user_id),
        client.room_invite(room, bot.user.replace("bot", "vreemde")),
        client.room_kick(room, other.user_id),
        client.room_redact(room, said.event_id),
    ]
    for answer in [await attempt for attempt in tries]:
        assert answer.status_code == "M_FORBIDDEN", answer


async def test_inviting_and_removing_twice_is_no_fault(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4")
    await bot.does(Invite(room, fresh_key(), phone.user_id))
    await bot.does(Invite(room, fresh_key(), phone.user_id))
    await phone.settle()
    assert phone.user_id in phone.members(room)
    await bot.does(Invite(room, fresh_key(), phone.user_id))
    await bot.does(Remove(room, fresh_key(), phone.user_id))
    await bot.does(Remove(room, fresh_key(), phone.user_id))
    await phone.settle()
    assert room not in phone.rooms


async def test_a_probe_tells_who_is_there_and_makes_no_sound(
    bot: Bot, make_phone: MakePhone
) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await bot.does(Probe(room, fresh_key(), phone.user_id))
    await phone.leaves(room)
    assert await bot.channel.send(Probe(room, fresh_key(), phone.user_id)) == Refused(
        "not in the room"
    )


async def test_a_room_that_is_not_there_is_refused(bot: Bot) -> None:
    for delivery in (
        Say("!bestaat-niet", fresh_key(), "hallo", loud=True),
        Invite("!bestaat-niet", fresh_key(), bot.user),
        Erase("!bestaat-niet", fresh_key(), "$niets"),
        Buttons("!bestaat-niet", fresh_key(), "$niets", ("✅",)),
    ):
        assert isinstance(await bot.channel.send(delivery), Refused)


async def test_a_cancelled_send_is_finished_all_the_same(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    for number in range(5):  # cancelled while keys are shared, and later
        say = Say(room, fresh_key(), f"bericht {number}.", loud=False)
        task = asyncio.create_task(bot.channel.send(say))
        for _ in range(number * 3 + 1):
            await asyncio.sleep(0)
        task.cancel()
        assert isinstance(await bot.channel.send(say), Accepted)
        await phone.expects(f"bericht {number}.")
