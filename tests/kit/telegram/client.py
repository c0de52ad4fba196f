"""The client that tests drive the server with: python-telegram-bot, as the product uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import HTTPXRequest

from tests.kit.telegram.server import FakeTelegram

PATIENCE_S = 30.0  # only against hanging


@asynccontextmanager
async def client(server: FakeTelegram, *, patience_s: float = PATIENCE_S) -> AsyncIterator[Bot]:
    """A connected `Bot`; gives up on an answer after `patience_s`."""
    bot = Bot(
        server.token,
        base_url=server.base_url,
        request=HTTPXRequest(8, read_timeout=patience_s, connect_timeout=patience_s),
        get_updates_request=HTTPXRequest(4, read_timeout=patience_s, connect_timeout=patience_s),
    )
    async with bot:
        yield bot


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """One row; the data of a button is `do:` and its label."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"do:{label}") for label in labels]]
    )
