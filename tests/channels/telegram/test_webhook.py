"""News that Telegram brings: it is taken only once it is committed."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.channels.base import ChannelDown
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.line import TelegramAccount
from bot.channels.telegram.webhook import SECRET_HEADER, WebhookPlace
from tests.channels.telegram.conftest import SHORT, MakeChannel
from tests.kit.telegram.server import FakeTelegram

LONG = dataclasses.replace(SHORT, poll_s=25)


@pytest.fixture
def place(unused_tcp_port: int) -> WebhookPlace:
    url = f"http://127.0.0.1:{unused_tcp_port}/telegram"
    return WebhookPlace(url, "fictional-secret", port=unused_tcp_port)


@pytest.fixture
async def channel(telegram: FakeTelegram, place: WebhookPlace) -> AsyncIterator[TelegramChannel]:
    account = TelegramAccount(telegram.token, telegram.url, LONG)
    channel = TelegramChannel(account, telegram.clock.now, place)
    yield channel
    await channel.stop()


async def test_an_update_is_taken_when_it_is_committed(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    await channel.start(None)
    anna = telegram.person("anna")
    await anna.starts()
    first = await channel.receive(None)
    assert [each.text for each in first.updates] == ["/start"]
    assert telegram.updates.confirmed == []
    assert await channel.receive(None) == first  # could not be committed
    assert telegram.updates.confirmed == []
    await anna.writes("alarm")
    second = await channel.receive(first.cursor)
    assert [each.text for each in second.updates] == ["alarm"]
    assert telegram.updates.confirmed == [int(first.updates[0].update_id)]
    assert telegram.log.of("getUpdates") == []
    assert "drop_pending_updates" not in telegram.log.of("setWebhook")[0].parameters


async def test_polling_after_a_webhook_asks_for_all_that_was_kept(
    telegram: FakeTelegram, channel: TelegramChannel, make_channel: MakeChannel
) -> None:
    await channel.start(None)
    anna = telegram.person("anna")
    await anna.starts()
    taken = await channel.receive(None)
    await anna.writes("alarm")
    await channel.receive(taken.cursor)
    await channel.stop()
    telegram.webhook = {"url": ""}
    polling = make_channel()
    assert [each.text for each in (await polling.receive(taken.cursor)).updates] == ["alarm"]


async def test_what_was_not_committed_before_the_end_comes_to_the_next_start(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    await channel.start(None)
    await telegram.person("anna").starts()
    lost = await channel.receive(None)
    await channel.stop()
    await channel.start(None)
    assert (await channel.receive(None)).updates == lost.updates


async def test_nobody_else_gets_anything_in(
    telegram: FakeTelegram, channel: TelegramChannel, place: WebhookPlace
) -> None:
    await channel.start(None)
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {SECRET_HEADER: "guess"}, {SECRET_HEADER: "é"}):
            async with session.post(place.url, json={"update_id": 1}, headers=headers) as answer:
                assert answer.status == 403
        right = {SECRET_HEADER: place.secret}
        async with session.post(place.url, data=b"{", headers=right) as answer:
            assert answer.status == 400
    await telegram.person("anna").starts()
    assert [each.text for each in (await channel.receive(None)).updates] == ["/start"]


async def test_a_webhook_that_somebody_took_away_is_noticed_and_set_again(
    telegram: FakeTelegram, place: WebhookPlace
) -> None:
    account = TelegramAccount(telegram.token, telegram.url, dataclasses.replace(SHORT, poll_s=0))
    channel = TelegramChannel(account, telegram.clock.now, place)
    try:
        assert (await channel.receive(None)).updates == ()
        telegram.webhook = {"url": "https://elsewhere.example/hook"}
        with pytest.raises(ChannelDown) as caught:
            await channel.receive(None)
        assert caught.value.second_poller
        await channel.receive(None)
        assert telegram.webhook["url"] == place.url
    finally:
        await channel.stop()


async def test_a_taken_port_is_told(
    telegram: FakeTelegram, channel: TelegramChannel, place: WebhookPlace
) -> None:
    other = await asyncio.start_server(lambda _, writer: writer.close(), place.host, place.port)
    async with other:
        with pytest.raises(ChannelDown, match="webhook"):
            await channel.start(None)
    await channel.start(None)


async def test_check_knows_where_news_should_come(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    await channel.start(None)
    assert (await channel.check())[1].detail.key == "check.telegram_news.set"
    telegram.webhook = {"url": ""}
    assert (await channel.check())[1].detail.key == "check.telegram_news.unset"
    telegram.webhook = {"url": "https://elsewhere.example/hook"}
    assert (await channel.check())[1].detail.key == "check.telegram_news.other"
