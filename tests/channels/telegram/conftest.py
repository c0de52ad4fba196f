"""A Telegram on this machine, and our channel on it."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.channels.telegram.calls import Patience
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.line import TelegramAccount
from tests.kit.telegram.server import FakeTelegram

SHORT = Patience(call_s=0.5, connect_s=1.0, connection_s=1.0, upload_s=2.0, poll_s=0, spare_s=1.0)

MakeChannel = Callable[..., TelegramChannel]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def make_channel(telegram: FakeTelegram) -> AsyncIterator[MakeChannel]:
    """Channels of the one bot, not started; they are stopped at the end."""
    made: list[TelegramChannel] = []

    def make(*, token: str = "", server: str = "", patience: Patience = SHORT) -> TelegramChannel:
        account = TelegramAccount(token or telegram.token, server or telegram.url, patience)
        channel = TelegramChannel(account, telegram.clock.now)
        made.append(channel)
        return channel

    yield make
    for channel in made:
        await channel.stop()


@pytest.fixture
async def channel(make_channel: MakeChannel) -> TelegramChannel:
    channel = make_channel()
    await channel.start(None)
    return channel
