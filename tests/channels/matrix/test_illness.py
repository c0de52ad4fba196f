"""A homeserver that is ill: no hot loop, nothing lost, nothing twice, back by itself."""

import asyncio
import itertools
from typing import cast

import pytest

from bot.channels.base import (
    Buttons,
    ChannelDown,
    Delivery,
    Invite,
    Later,
    OpenRoom,
    Receipt,
    Say,
    SendFile,
)
from bot.channels.matrix.homeserver import Patience
from tests.channels.matrix.bot import Bot, fresh_key
from tests.channels.matrix.conftest import MakeBot
from tests.channels.matrix.line import Fault, Line
from tests.conftest import MakePhone, MakeUser

EVERY: list[Fault] = ["html", "garbage", "limited", "cut", "revoked"]


@pytest.fixture
async def far(make_bot: MakeBot, line: Line) -> Bot:
    """A bot at the other end of the line."""
    return await make_bot(line.base_url)


@pytest.mark.parametrize("fault", [*EVERY, "same"])
async def test_receiving_tells_how_long_to_wait(far: Bot, line: Line, fault: Fault) -> None:
    """Each try asks little, and the waits grow: a caller that obeys cannot run hot."""
    line.breaks(fault)
    asked = len(line.asked)
    waits = []
    for _ in range(7):
        with pytest.raises(ChannelDown) as down:
            await far.receive()
        waits.append(down.value.after_ms)
        assert down.value.revoked == (fault == "revoked")
    # once; or again on a fresh connection; or with a new login
    assert len(line.asked) - asked <= 7 * {"cut": 2, "revoked": 3}.get(fault, 1)
    assert all(wait >= 700 for wait in waits)
    assert max(waits) <= 60_000
    assert waits[-1] >= 20_000 or fault == "limited"
    if fault == "limited":
        assert all(wait >= 4_321 for wait in waits)


async def test_waits_begin_small_again_after_recovery(far: Bot, line: Line) -> None:
    line.breaks("html", times=4)
    for _ in range(4):
        with pytest.raises(ChannelDown):
            await far.receive()
    await far.does(OpenRoom(fresh_key(), "K7Q4"))  # something to receive
    await far.receive()
    line.breaks("html", times=1)
    with pytest.raises(ChannelDown) as down:
        await far.receive()
    assert down.value.after_ms <= 1_000


async def test_nonsense_in_a_sync_is_survived(far: Bot, line: Line) -> None:
    line.breaks("empty", "/sync", times=1)
    cursor = far.cursor
    assert await far.receive() == ()
    far.cursor = cursor


async def test_a_hanging_server_is_given_up(make_bot: MakeBot, line: Line) -> None:
    patience = Patience(call_s=0.3, poll_ms=100, spare_s=0.2)
    bot = await make_bot(line.base_url, patience=patience)
    room = await bot.opens("K7Q4")
    line.breaks("hang")
    with pytest.raises(ChannelDown):
        await bot.receive()
    receipt = await _send(bot, Say(room, fresh_key(), "hallo", loud=True))
    assert receipt.channel_down
    assert receipt.unknown


async def test_a_queue_does_not_wait_for_a_dead_server_one_by_one(
    make_bot: MakeBot, line: Line
) -> None:
    bot = await make_bot(line.base_url, patience=Patience(call_s=0.3))
    room = await bot.opens("K7Q4")
    line.breaks("hang")
    asked = len(line.asked)
    says = [Say(room, fresh_key(), "hallo", loud=True) for _ in range(20)]
    receipts = await asyncio.gather(*(_send(bot, say) for say in says))
    assert all(receipt.channel_down for receipt in receipts)
    assert len(line.asked) - asked == 1


@pytest.mark.parametrize("fault", EVERY)
async def test_sending_tells_what_is_wrong(
    far: Bot, line: Line, make_user: MakeUser, fault: Fault
) -> None:
    room = await far.opens("K7Q4", await make_user("om"))
    line.breaks(fault)
    asked = len(line.asked)
    for delivery in (
        Say(room, fresh_key(), "hallo", loud=True),
        Buttons(room, fresh_key(), "$x", ("✅",)),
        Invite(room, fresh_key(), "@iemand:lage-dijk.example"),
        OpenRoom(fresh_key(), "M3X8"),
        SendFile(room, fresh_key(), "a.ics", "text/calendar", b"BEGIN"),
    ):
        receipt = await _send(far, delivery)
        assert receipt.channel_down == (fault != "limited")
        assert receipt.unknown == (fault in ("html", "garbage", "cut"))
        if fault == "limited":
            assert receipt.after_ms == 4_321
    assert len(line.asked) - asked <= (10 if fault == "cut" else 5)  # nothing is repeated


async def test_no_connection_is_known_not_to_have_arrived(make_bot: MakeBot) -> None:
    bot = await make_bot("http://127.0.0.1:9", start=False)
    with pytest.raises(ChannelDown):
        await bot.start()
    receipt = await _send(bot, Say("!ergens", fresh_key(), "hallo", loud=True))
    assert receipt.channel_down
    assert not receipt.unknown


@pytest.mark.parametrize(
    "path", ["/send/m.room.encrypted", "/keys/query", "/keys/claim", "/sendToDevice/"]
)
async def test_an_answer_that_is_lost_on_the_way_doubles_nothing(
    far: Bot, line: Line, make_phone: MakePhone, path: str
) -> None:
    phone = await make_phone("om", bot=far.user)
    room = await far.opens("K7Q4", phone.user_id)
    await phone.settle()
    line.breaks("lost", path, times=2)  # a broken connection is tried once more
    say = Say(room, fresh_key(), "Pak je dit op?", loud=True)
    receipt = await _send(far, say)
    assert receipt.unknown
    line.heal()
    await far.does(say)
    await phone.expects("Pak je dit op?")


async def test_a_room_whose_making_was_not_heard_of_is_found_again(
    far: Bot, line: Line, make_phone: MakePhone
) -> None:
    phone = await make_phone("om", bot=far.user)
    wish = OpenRoom(fresh_key(), "K7Q4", (phone.user_id,))
    line.breaks("lost", "/createRoom", times=1)
    assert (await _send(far, wish)).unknown
    (room,) = await far.does(wish)
    await phone.settle()
    assert phone.rooms == {room: "K7Q4"}
    await far.does(Say(room, fresh_key(), "gevonden", loud=True))
    await phone.expects("gevonden")


async def test_buttons_that_were_set_half_are_set_whole(
    far: Bot, line: Line, make_phone: MakePhone
) -> None:
    phone = await make_phone("om", bot=far.user)
    room = await far.opens("K7Q4", phone.user_id)
    await phone.settle()
    event_id = await far.says(room, "Pak je dit op?")
    seen = await phone.expects("Pak je dit op?")
    buttons = Buttons(room, fresh_key(), event_id, ("1️⃣", "2️⃣", "3️⃣"))
    for fault in cast(list[Fault], ["lost", "html"]):
        line.breaks(fault, "/send/m.reaction", times=2)
        await _send(far, buttons)
        line.heal()
    await far.does(buttons)
    await phone.offers(seen, "1️⃣", "2️⃣", "3️⃣")


async def test_nothing_is_lost_over_an_ill_line(
    far: Bot, line: Line, make_phone: MakePhone
) -> None:
    """Every third answer is lost or HTML, both ways: all is said once, all is heard."""
    phone = await make_phone("om", bot=far.user)
    room = await far.opens("K7Q4", phone.user_id)
    await phone.settle()
    faults = itertools.cycle(cast(list[Fault], ["lost", "html", "cut"]))
    for number in range(20):
        said = await phone.says(room, f"van om {number}.")
        line.breaks(next(faults), times=1)
        say = Say(room, fresh_key(), f"van de bot {number}.", loud=False)
        async with asyncio.timeout(30):
            while isinstance(await far.channel.send(say), Later):
                pass
            while not any(u.update_id == said.event_id for u in far.updates):
                try:
                    await far.receive()
                except ChannelDown:
                    continue
        await phone.expects(f"van de bot {number}.")
    heard = [u.text for u in far.updates if u.kind == "text"]
    assert heard == [f"van om {number}." for number in range(20)]


async def _send(bot: Bot, delivery: Delivery) -> Later:
    receipt: Receipt = await bot.channel.send(delivery)
    assert isinstance(receipt, Later), receipt
    return receipt
