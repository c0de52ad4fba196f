"""A bot on the homeserver, and a line to it that can be ill."""

from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Protocol

import pytest

from bot.channels.matrix.homeserver import Patience
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.line import Line
from tests.conftest import PASSWORD, MakePhone, MakeUser
from tests.kit.phone import Phone
from tests.kit.synapse import Synapse


class MakeBot(Protocol):
    def __call__(
        self, base_url: str = "", *, start: bool = True, patience: Patience | None = None
    ) -> Awaitable[Bot]: ...


@pytest.fixture
async def make_bot(synapse: Synapse, make_user: MakeUser, tmp_path: Path) -> AsyncIterator[MakeBot]:
    """A bot with an account of its own; it is stopped at the end."""
    bots: list[Bot] = []

    async def make(
        base_url: str = "", *, start: bool = True, patience: Patience | None = None
    ) -> Bot:
        user = await make_user("bot")
        state = tmp_path / f"state-{len(bots)}"
        bot = Bot(base_url or synapse.base_url, user, PASSWORD, state, patience)
        bots.append(bot)
        if start:
            await bot.start()
        return bot

    yield make
    for bot in bots:
        await bot.channel.stop()


@pytest.fixture
async def bot(make_bot: MakeBot) -> Bot:
    return await make_bot()


@pytest.fixture
async def line(synapse: Synapse) -> AsyncIterator[Line]:
    async with Line.to(synapse.base_url) as line:
        yield line


@pytest.fixture
async def make_blind_phone(synapse: Synapse, make_user: MakeUser) -> AsyncIterator[MakePhone]:
    """As `make_phone`, for phones that are meant to get messages that they cannot read: what
    they got is for the test itself to look at, nothing is asserted at the end."""
    phones: list[Phone] = []

    async def make(name: str, *, bot: str, signed: bool = True) -> Phone:
        user = name if name.startswith("@") else await make_user(name)
        phone = Phone(synapse.base_url, user, PASSWORD, bot=bot, signed=signed)
        phones.append(phone)
        await phone.sign_in()
        return phone

    yield make
    for phone in phones:
        await phone.close()
