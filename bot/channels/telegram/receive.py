"""One poll: raw reports, each made into an update by itself, and the cursor behind them."""

import time
from collections.abc import Callable
from typing import Any

import structlog

from bot.channels.base import Batch, Update
from bot.channels.telegram.line import Line
from bot.channels.telegram.repeats import Repeats
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import from_raw, number_of

log = structlog.get_logger(__name__)

WITHOUT_OFFSET = "webhook-"  # how a cursor begins that is no number


class Receiver:
    """The cursor is the number of the first report that we do not have. The server forgets what
    is before it, so it may only be asked for once everything before it is committed."""

    def __init__(self, line: Line, taps: Taps, now: Callable[[], int]) -> None:
        self._line = line
        self._taps = taps
        self._now = now
        self._repeats = Repeats()
        self._heard = False

    async def poll(self, cursor: str | None) -> Batch:
        """Raises `Trouble`."""
        # The first poll of a life does not wait: clocks do, until it has told what we missed.
        news = await self._line.poll(offset_of(cursor), wait=self._heard)
        self._heard = True
        numbers = [number for raw in news if (number := number_of(raw)) is not None]
        if news and not numbers:
            # nothing could be confirmed, and the same would come again at once
            raise Trouble("down", "news without numbers")
        return Batch(self.updates(news), behind(numbers, cursor))

    def updates(self, news: list[Any]) -> tuple[Update, ...]:
        """What the reports mean to us; taps are answered beside it."""
        found = []
        for raw in news:
            self._answer_tap(raw)
            if self._repeats.is_one(raw, time.monotonic()):
                continue
            if update := from_raw(raw, self._line.own_name, self._now()):
                found.append(update)
        return tuple(found)

    def _answer_tap(self, raw: Any) -> None:
        query = raw.get("callback_query") if isinstance(raw, dict) else None
        name = query.get("id") if isinstance(query, dict) else None
        if isinstance(name, str):
            self._taps.answer(name)


def offset_of(cursor: str | None) -> int | None:
    """The number to ask from; none without a usable cursor: then the server gives all it kept."""
    if not cursor or cursor.startswith(WITHOUT_OFFSET):
        return None
    if not cursor.isdecimal():
        log.warning("cursor_not_usable")
        return None
    return int(cursor)


def behind(numbers: list[int], cursor: str | None) -> str:
    """The cursor behind these reports. It may go down: after a quiet week the server begins
    to count somewhere else."""
    return str(max(numbers) + 1) if numbers else cursor or ""
