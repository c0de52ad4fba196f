"""Every tap must be answered, or the phone shows a spinner. It answers nothing else: what a tap
does is seen in the message."""

import asyncio

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.trouble import Trouble

log = structlog.get_logger(__name__)

# The press may be what opens an alarm: its pages go before the end of a spinner.
LATER_S = 0.15
AT_ONCE = 8  # connections that pages must not wait for
MOST_WAITING = 500  # thousands of presses: the spinners of the last ones stop by themselves


class Taps:
    """Answers beside receiving, which never waits for it and never fails by it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._too_many = False

    def answer(self, query: str) -> None:
        """`query` is the id of the callback query."""
        if len(self._running) >= MOST_WAITING:
            if not self._too_many:  # a line each would be thousands
                log.warning("taps_left_unanswered")
            self._too_many = True
            return
        task = asyncio.create_task(self._answer(query))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._too_many = self._too_many and bool(self._running)

    async def finish(self) -> None:
        """What is not answered by now stays so."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _answer(self, query: str) -> None:
        await asyncio.sleep(LATER_S)
        async with self._turn:
            try:
                await self._bot.answer_callback_query(query)
            except Trouble as trouble:  # too old, or the line is gone
                log.info("tap_not_answered", why=trouble.reason)
            except TelegramError as error:
                log.warning("tap_not_answered", error_type=type(error).__name__)
