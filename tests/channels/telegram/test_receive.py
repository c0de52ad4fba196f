"""Receiving over the wire: nothing is lost, nothing stalls, and the cursor is what we committed."""

import asyncio
import dataclasses

import pytest

from bot.channels.base import ChannelDown, Say
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.repeats import FEW
from tests.channels.telegram.conftest import SHORT, MakeChannel
from tests.kit.telegram.faults import Flood, Page, Refuse, ServerError
from tests.kit.telegram.server import FakeTelegram


async def down(channel: TelegramChannel) -> ChannelDown:
    with pytest.raises(ChannelDown) as caught:
        await channel.receive(None)
    return caught.value


async def test_texts_come_once_they_are_written(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts("token_1")
    await anna.writes("alarm")
    batch = await channel.receive(None)
    assert [(each.kind, each.text, each.sender) for each in batch.updates] == [
        ("text", "/start token_1", str(anna.id)),
        ("text", "alarm", str(anna.id)),
    ]
    assert {each.room for each in batch.updates} == {str(anna.id)}


async def test_only_what_was_committed_is_forgotten(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    first = await channel.receive(None)
    again = await channel.receive(None)
    assert again == first
    assert telegram.updates.confirmed == []
    await anna.writes("alarm")
    second = await channel.receive(first.cursor)
    assert [each.text for each in second.updates] == ["alarm"]
    assert telegram.updates.confirmed == [int(each.update_id) for each in first.updates]


async def test_a_killed_bot_gets_what_it_had_not_committed(
    telegram: FakeTelegram, channel: TelegramChannel, make_channel: MakeChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    first = await channel.receive(None)
    await anna.writes("alarm")
    lost = await channel.receive(first.cursor)
    await channel.stop()
    reborn = make_channel()
    await reborn.start(first.cursor)
    assert await reborn.receive(first.cursor) == lost


async def test_no_news_keeps_the_cursor(channel: TelegramChannel) -> None:
    assert (await channel.receive("900005")).cursor == "900005"
    assert (await channel.receive(None)).cursor == ""
    assert (await channel.receive("")).updates == ()


async def test_a_poll_waits_for_news_but_not_the_first_one(
    telegram: FakeTelegram, make_channel: MakeChannel
) -> None:
    """Clocks wait until we know what was answered while we were away: that must come at once."""
    channel = make_channel(patience=dataclasses.replace(SHORT, poll_s=25))
    anna = telegram.person("anna")
    async with asyncio.timeout(20):
        first = await channel.receive(None)
        assert first.updates == ()
        receiving = asyncio.create_task(channel.receive(first.cursor))
        while telegram.updates._reader is None:
            await asyncio.sleep(0.01)
        await anna.starts()
        assert [each.text for each in (await receiving).updates] == ["/start"]


async def test_one_garbled_report_stalls_nobody(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    number = telegram.updates.add_garbled()
    await anna.writes("alarm")
    batch = await channel.receive(None)
    assert [each.kind for each in batch.updates] == ["text", "unreadable", "text"]
    assert batch.updates[1].update_id == str(number)
    assert (await channel.receive(batch.cursor)).updates == ()


async def test_every_tap_is_answered_beside_receiving(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    room = str(anna.id)
    await channel.send(Say(room, "k", "Pak je dit op?", loud=True, keyboard=(("Ja", "t:1"),)))
    question = anna.messages[-1]
    press = await anna.taps(question, "Ja")
    batch = await channel.receive(None)
    tap = batch.updates[-1]
    assert (tap.kind, tap.text, tap.about) == ("tap", "t:1", question.event_id)
    async with asyncio.timeout(5):
        while not telegram.log.of("answerCallbackQuery"):
            await asyncio.sleep(0.01)
    assert telegram.log.of("answerCallbackQuery")[0].parameters["callback_query_id"] == press.id


async def test_a_tap_that_cannot_be_answered_still_comes(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    await channel.send(Say(str(anna.id), "k", "?", loud=True, keyboard=(("Ja", "t:1"),)))
    question = anna.messages[-1]
    refused = Refuse(400, "Bad Request: query is too old and response timeout expired")
    telegram.faults.once("answerCallbackQuery", refused)
    await anna.taps(question, "Ja")
    assert (await channel.receive(None)).updates[-1].kind == "tap"
    async with asyncio.timeout(5):
        await refused.met.wait()


async def test_a_thousand_presses_are_a_few_and_come_again_until_committed(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    keyboard = (("Ja", "t:1"), ("Nee", "t:2"))
    await channel.send(Say(str(anna.id), "k", "?", loud=True, keyboard=keyboard))
    question = anna.messages[-1]
    for _ in range(1_000):
        await anna.taps(question, "Ja")
    first = await channel.receive(None)
    assert [each.kind for each in first.updates] == ["text", *["tap"] * FEW]
    again = await channel.receive(None)  # it could not be committed
    assert [each.update_id for each in again.updates] == [each.update_id for each in first.updates]
    cursor = first.cursor
    while telegram.updates.pending:
        batch = await channel.receive(cursor)
        cursor = batch.cursor
        assert len(batch.updates) <= FEW
    for label in ("Nee", "Ja", "Ja"):
        await anna.taps(question, label)
    later = await channel.receive(cursor)
    assert [each.text for each in later.updates] == ["t:2", "t:1", "t:1"]


async def test_blocking_is_noticed(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    await anna.blocks()
    await anna.unblocks()
    kinds = [each.kind for each in (await channel.receive(None)).updates]
    assert kinds == ["text", "left", "joined"]


async def test_a_second_poller_can_be_told_from_a_webhook(
    telegram: FakeTelegram, channel: TelegramChannel, make_channel: MakeChannel
) -> None:
    waiting = make_channel(patience=dataclasses.replace(SHORT, poll_s=25))
    async with asyncio.timeout(20):
        await waiting.receive(None)
        polling = asyncio.create_task(down(waiting))
        while telegram.updates._reader is None:
            await asyncio.sleep(0.01)
        await channel.receive(None)
        assert (await polling).second_poller
    telegram.webhook = {"url": "https://elsewhere.example/hook"}
    trouble = await down(channel)
    assert not trouble.second_poller
    assert "webhook" in trouble.reason


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_that_is_no_longer_taken(
    telegram: FakeTelegram, channel: TelegramChannel, code: int
) -> None:
    telegram.faults.once("getUpdates", Refuse(code, "Unauthorized"))
    trouble = await down(channel)
    assert trouble.revoked
    assert telegram.token not in trouble.reason


async def test_a_wrong_token_is_told_at_the_start(make_channel: MakeChannel) -> None:
    channel = make_channel(token="1:wrong")
    with pytest.raises(ChannelDown) as caught:
        await channel.start(None)
    assert caught.value.revoked
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [ServerError(), Page(), Page(code=404), Page(code=200)],
    ids=["500", "502", "404", "200"],
)
async def test_a_sick_server_is_waited_for_longer_and_longer(
    telegram: FakeTelegram, channel: TelegramChannel, fault: Refuse | Page
) -> None:
    order = telegram.faults.always("getUpdates", fault)
    waits = []
    for _ in range(8):
        trouble = await down(channel)
        assert not trouble.revoked
        waits.append(trouble.after_ms)
    assert waits[0] <= 1_000
    assert waits[3] > waits[0]
    assert 3_750 <= waits[-1] <= 5_000
    order.lift()
    await channel.receive(None)
    telegram.faults.once("getUpdates", ServerError())
    assert (await down(channel)).after_ms <= 1_000


async def test_a_flood_of_polls_waits_as_long_as_asked(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    telegram.faults.once("getUpdates", Flood(20))
    assert (await down(channel)).after_ms >= 20_000


async def test_a_start_without_a_server_is_made_good_by_receiving(
    telegram: FakeTelegram, make_channel: MakeChannel
) -> None:
    channel = make_channel()
    telegram.faults.once("getMe", Page())
    with pytest.raises(ChannelDown):
        await channel.start(None)
    anna = telegram.person("anna")
    await anna.starts()
    group = telegram.group("Lage Dijk", anna)
    await anna.writes("/alarm@kortelijn_test_bot", chat=group)
    assert [each.text for each in (await channel.receive(None)).updates] == ["/start", "/alarm"]


async def test_nobody_there(make_channel: MakeChannel) -> None:
    trouble = await down(make_channel(server="http://127.0.0.1:9"))
    assert "ClientConnectorError" in trouble.reason


async def test_a_group_that_moves(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    anna = telegram.person("anna")
    group = telegram.group("Lage Dijk", anna)
    old = str(group.id)
    group.upgrades()
    receipt = await channel.send(Say(old, "k", "Weekbericht", loud=False))
    assert receipt.moved_to == str(group.id)  # type: ignore[union-attr]
    (told,) = (await channel.receive(None)).updates
    assert (told.kind, told.room, told.text) == ("moved", old, str(group.id))
