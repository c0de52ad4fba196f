"""What `check` says of Telegram."""

from collections.abc import Sequence

import pytest

from bot.channels.base import Readiness
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.check import log_in_and_check
from bot.channels.telegram.line import TelegramAccount
from tests.channels.telegram.conftest import SHORT, MakeChannel
from tests.kit.telegram.server import FakeTelegram


def told(lines: Sequence[Readiness]) -> list[tuple[str, bool]]:
    return [(line.detail.key, line.ready) for line in lines]


async def test_all_is_ready(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    lines = await channel.check()
    assert told(lines)[:2] == [("check.telegram.ready", True), ("check.telegram_news.ready", True)]
    assert lines[0].detail.params == {"user": "@kortelijn_test_bot"}
    assert lines[2].ready
    assert not telegram.log.of("getUpdates")


async def test_without_a_running_bot_nothing_is_taken_away(telegram: FakeTelegram) -> None:
    await telegram.person("anna").starts()
    account = TelegramAccount(telegram.token, telegram.url, SHORT)
    assert all(line.ready for line in await log_in_and_check(account, telegram.clock.now))
    assert len(telegram.updates.pending) == 1


async def test_a_webhook_takes_our_news(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    telegram.webhook = {"url": "https://elsewhere.example/hook"}
    assert told(await channel.check())[1] == ("check.telegram_news.webhook", False)


async def test_a_wrong_token(make_channel: MakeChannel) -> None:
    lines = await make_channel(token="1:wrong").check()
    assert told(lines)[:2] == [
        ("check.telegram.refused", False),
        ("check.telegram_news.unknown", False),
    ]


async def test_nobody_there(make_channel: MakeChannel) -> None:
    lines = await make_channel(server="http://127.0.0.1:9").check()
    assert told(lines) == [
        ("check.telegram.down", False),
        ("check.telegram_news.unknown", False),
        ("check.telegram_clock.untold", False),
    ]


async def test_many_that_wait_are_worth_a_look(
    telegram: FakeTelegram, channel: TelegramChannel
) -> None:
    anna = telegram.person("anna")
    for _ in range(60):
        await anna.starts()
    line = (await channel.check())[1]
    assert (line.detail.key, line.ready, line.warns) == ("check.telegram_news.waiting", True, True)


@pytest.mark.parametrize(("seconds", "how"), [(90, "ahead"), (-90, "behind")])
async def test_a_clock_that_is_wrong(telegram: FakeTelegram, seconds: int, how: str) -> None:
    account = TelegramAccount(telegram.token, telegram.url, SHORT)
    lines = await log_in_and_check(account, lambda: telegram.clock.now() + seconds * 1_000)
    assert (lines[2].detail.key, lines[2].ready) == (f"check.telegram_clock.{how}", False)
