"""A Bot API server, the client that we use, and one person who has pressed start."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.kit.telegram.client import client
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as running:
        yield running


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[Bot]:
    async with client(server) as connected:
        yield connected


@pytest.fixture
async def anna(server: FakeTelegram) -> Person:
    person = server.person("anna")
    await person.starts()
    return person
