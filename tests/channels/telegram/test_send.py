"""Sending over the wire: what a receipt says is so."""

import asyncio

import pytest

from bot.channels.base import (
    Accepted,
    Buttons,
    Delivery,
    Enter,
    Erase,
    FindUnsigned,
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
from bot.channels.telegram.channel import TelegramChannel
from tests.channels.telegram.conftest import MakeChannel
from tests.kit.telegram.faults import Cut, Fault, Flood, Hang, Noise, Page, Refuse, ServerError
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram

KEYS = (("Ik pak op", "p:1:y"), ("Kan niet", "p:1:n"))


@pytest.fixture
async def anna(telegram: FakeTelegram) -> Person:
    anna = telegram.person("anna")
    await anna.starts()
    return anna


def say(person: Person, text: str = "Alarm", key: str = "k", **more: object) -> Say:
    loud = bool(more.pop("loud", True))
    return Say(str(person.id), key, text, loud, **more)  # type: ignore[arg-type]


async def test_a_page_is_on_the_phone_with_its_buttons(
    channel: TelegramChannel, anna: Person
) -> None:
    text = "🔴 Alarm *K7Q4* <b>spoed</b> _nu_\nhttps://example.org"
    receipt = await channel.send(say(anna, text, keyboard=KEYS))
    seen = anna.messages[-1]
    assert receipt == Accepted((seen.event_id,))
    assert (seen.text, seen.silent, seen.protected) == (text, False, True)
    assert seen.buttons == ("Ik pak op", "Kan niet")


async def test_quiet_is_quiet(channel: TelegramChannel, anna: Person) -> None:
    await channel.send(say(anna, loud=False))
    seen = anna.messages[-1]
    assert seen.silent


async def test_an_edit_changes_text_and_buttons(channel: TelegramChannel, anna: Person) -> None:
    receipt = await channel.send(say(anna, keyboard=KEYS))
    assert isinstance(receipt, Accepted)
    (event,) = receipt.ids
    edit = say(anna, "Jij pakt op", key="k2", replaces=event)
    assert await channel.send(edit) == Accepted((event,))
    seen = anna.messages[-1]
    assert (seen.text, seen.buttons) == ("Jij pakt op", ())
    assert await channel.send(edit) == Accepted((event,))  # "message is not modified"


async def test_editing_what_somebody_deleted_says_it_anew(
    channel: TelegramChannel, anna: Person
) -> None:
    receipt = await channel.send(say(anna))
    assert isinstance(receipt, Accepted)
    await channel.send(Erase(str(anna.id), "e", receipt.ids[0]))
    edit = await channel.send(say(anna, "nieuw", key="k2", replaces=receipt.ids[0]))
    assert isinstance(edit, Accepted)
    assert edit.ids != receipt.ids
    assert anna.messages[-1].text == "nieuw"
    other = say(anna, "nieuw", key="k3", replaces="$event:homeserver")
    assert isinstance(await channel.send(other), Refused)


async def test_the_same_key_is_one_message(channel: TelegramChannel, anna: Person) -> None:
    first, second = await channel.send(say(anna)), await channel.send(say(anna))
    assert first == second
    assert len([seen for seen in anna.messages if seen.text == "Alarm"]) == 1


async def test_erasing_and_what_remains(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    receipt = await channel.send(say(anna))
    assert isinstance(receipt, Accepted)
    (event,) = receipt.ids
    room = str(anna.id)
    assert await channel.send(Erase(room, "e", event)) == Accepted()
    assert await channel.send(Erase(room, "e2", event)) == Accepted()  # already gone
    assert await channel.send(Erase(room, "e3", "900001")) == Accepted()  # a tap
    old = await channel.send(say(anna, key="old"))
    assert isinstance(old, Accepted)
    telegram.clock.move(hours=49)
    assert await channel.send(Erase(room, "e4", old.ids[0])) == Accepted(remains=old.ids)


async def test_a_file_arrives_whole(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    file = SendFile(str(anna.id), "f", "overleg.ics", "text/calendar", b"BEGIN:VCALENDAR")
    assert await channel.send(file) == Accepted((anna.messages[-1].event_id,))
    assert list(telegram.files.values()) == [("overleg.ics", b"BEGIN:VCALENDAR")]
    call = telegram.log.of("sendDocument")[0]
    assert call.parameters["protect_content"] is True


@pytest.mark.parametrize(
    "delivery",
    [
        Buttons("7", "k", "7:1", ("✅",)),
        Invite("7", "k", "8"),
        Remove("7", "k", "8"),
        Enter("7", "k"),
        Leave("7", "k"),
        FindUnsigned("7", "k", "8"),
    ],
    ids=lambda delivery: type(delivery).__name__,
)
async def test_what_does_not_exist_here_is_done_at_once(
    telegram: FakeTelegram, channel: TelegramChannel, delivery: Delivery
) -> None:
    before = len(telegram.log)
    assert await channel.send(delivery) == Accepted()
    assert len(telegram.log) == before


async def test_rooms_cannot_be_opened(channel: TelegramChannel) -> None:
    direct = await channel.send(OpenRoom("k", "Kortelijn", ("7",), direct=True))
    assert direct == Refused("a person must press start first")
    assert isinstance(await channel.send(OpenRoom("k", "K7Q4")), Refused)


async def test_who_blocked_us_who_never_started_and_who_is_not_there(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    await anna.blocks()
    assert await channel.send(say(anna)) == Refused("blocked")
    assert await channel.send(say(telegram.person("bram"))) == Refused("blocked")
    nobody = await channel.send(Say("12345", "k", "Alarm", loud=True))
    assert isinstance(nobody, Refused)
    assert "chat not found" in nobody.reason
    assert isinstance(await channel.send(Say("!room:hs", "k", "Alarm", loud=True)), Refused)


async def test_a_button_that_is_too_long_is_refused_and_not_sent(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    assert isinstance(await channel.send(say(anna, keyboard=(("Ja", "x" * 65),))), Refused)
    assert telegram.log.of("sendMessage") == []


async def test_a_very_long_text_arrives_cut(channel: TelegramChannel, anna: Person) -> None:
    assert isinstance(await channel.send(say(anna, "x" * 5_000)), Accepted)
    seen = anna.messages[-1]
    assert len(seen.text) == 4_096


async def test_429_pauses_this_chat_only(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    bram = telegram.person("bram")
    await bram.starts()
    telegram.faults.once("sendMessage", Flood(40), chat=anna.id)
    receipt = await channel.send(say(anna, urgent=True))
    assert isinstance(receipt, Later)
    assert (receipt.after_ms, receipt.channel_down, receipt.unknown) == (40_000, False, False)
    again = await channel.send(say(anna, urgent=True))
    assert isinstance(again, Later)
    assert again.after_ms > 30_000
    assert len(telegram.log.of("sendMessage", chat=anna.id)) == 1  # not even asked
    assert isinstance(await channel.send(say(bram)), Accepted)


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        (Cut(carried_out=True), True),
        (Cut(carried_out=False), False),
        (Hang(carried_out=True), True),
        (Noise(), True),
        (Page(), False),
        (ServerError(), False),
    ],
    ids=["cut after", "cut before", "hang", "noise", "502", "500"],
)
async def test_nobody_knows_whether_it_arrived(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person, fault: Fault, arrived: bool
) -> None:
    telegram.faults.once("sendMessage", fault)
    receipt = await channel.send(say(anna))
    assert isinstance(receipt, Later)
    assert (receipt.unknown, receipt.channel_down) == (True, True)
    assert len(telegram.log.of("sendMessage")) == 1  # one attempt
    assert (anna.messages[-1].text == "Alarm") is arrived


async def test_what_never_left_is_known_not_to_have_arrived(
    make_channel: MakeChannel, anna: Person
) -> None:
    receipt = await make_channel(server="http://127.0.0.1:9").send(say(anna))
    assert isinstance(receipt, Later)
    assert (receipt.unknown, receipt.channel_down) == (False, True)


async def test_a_refused_token_is_no_refusal_of_the_message(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    telegram.faults.once("sendMessage", Refuse(401, "Unauthorized"))
    receipt = await channel.send(say(anna))
    assert isinstance(receipt, Later)
    assert receipt.channel_down
    assert not receipt.unknown


async def test_a_stopped_channel_says_later(channel: TelegramChannel, anna: Person) -> None:
    await channel.stop()
    assert isinstance(await channel.send(say(anna)), Later)
    await channel.start(None)
    assert isinstance(await channel.send(say(anna)), Accepted)


async def test_within_a_chat_in_order(channel: TelegramChannel, anna: Person) -> None:
    await asyncio.gather(*(channel.send(say(anna, str(n), key=f"k{n}")) for n in range(3)))
    assert [seen.text for seen in anna.messages if seen.text in "012"] == ["0", "1", "2"]


async def test_a_page_leaves_before_300_that_wait(
    telegram: FakeTelegram, channel: TelegramChannel, anna: Person
) -> None:
    others = [telegram.person(f"p{n}") for n in range(300)]
    for other in others:
        await other.starts()
    bulk = [asyncio.create_task(channel.send(say(one, "stand", loud=False))) for one in others]
    while len(telegram.log.of("sendMessage")) < 20:
        await asyncio.sleep(0.01)
    assert isinstance(await channel.send(say(anna, urgent=True)), Accepted)
    order = [call.parameters["chat_id"] for call in telegram.log.of("sendMessage")]
    assert order.index(anna.id) < 100, "most of the bulk went first"
    for task in bulk:
        task.cancel()
    await asyncio.gather(*bulk, return_exceptions=True)


async def test_a_group_is_really_left(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    group = telegram.group("Vreemd", telegram.person("bram"))
    assert await channel.send(Leave(str(group.id), "k")) == Accepted()
    assert group.chat.bot_status == "left"
    assert await channel.send(Say(str(group.id), "k2", "x", loud=True)) == Refused("blocked")


async def test_the_twenty_first_in_a_group_comes_back_later(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    group = telegram.group("Lage Dijk", telegram.person("bram"))
    for n in range(20):
        receipt = await channel.send(Say(str(group.id), f"k{n}", "x", loud=False))
        assert isinstance(receipt, Accepted)
    late = await channel.send(Say(str(group.id), "k20", "x", loud=False))
    assert isinstance(late, Later)
    assert (late.channel_down, late.unknown) == (False, False)
    assert len(telegram.log.of("sendMessage")) == 20


async def test_a_probe_leaves_nothing_and_tells_who_blocked_us(
    channel: TelegramChannel, anna: Person
) -> None:
    before = len(anna.messages)
    probe = Probe(str(anna.id), "k1", str(anna.id))
    assert await channel.send(probe) == Accepted()
    assert len(anna.messages) == before
    await anna.blocks()
    assert await channel.send(probe) == Refused("blocked")
