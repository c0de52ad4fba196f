"""The floor: python-telegram-bot's `Bot` and nothing else, in a process of its own.

    python -m tests.bench.telegram.bare BASE_URL TOKEN

Its connections are those that the library makes by itself (`HTTPXRequest` as it comes). Orders and
answers are JSON, a line each, on standard input and output.
"""

import asyncio
import sys

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.bench.orders import obey

WAIT_S = 25


class Bare:
    """One bot. Every public method is an order."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._offset: int | None = None

    async def page(
        self, chats: list[int], texts: list[str], buttons: list[str], at_once: int, rest_s: float
    ) -> None:
        """Wait by long poll for as many updates as there are texts. Then send every text to every
        chat, `at_once` of them side by side and the next so many `rest_s` later."""
        came = 0
        while came < len(texts):
            news = await self._bot.get_updates(offset=self._offset, timeout=WAIT_S)
            came += len(news)
            if news:
                self._offset = news[-1].update_id + 1
        keys = [
            [InlineKeyboardButton(each, callback_data=f"do:{number}")]
            for number, each in enumerate(buttons)
        ]
        pages = [(chat, text) for text in texts for chat in chats]
        for first in range(0, len(pages), at_once):
            if first:
                await asyncio.sleep(rest_s)
            sends = (
                self._bot.send_message(chat, text, reply_markup=InlineKeyboardMarkup(keys))
                for chat, text in pages[first : first + at_once]
            )
            await asyncio.gather(*sends)


async def _obey(base_url: str, token: str) -> None:
    async with Bot(token, base_url=base_url) as bot:
        await obey(Bare(bot))


if __name__ == "__main__":
    asyncio.run(_obey(*sys.argv[1:]))
