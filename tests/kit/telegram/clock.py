"""The server's clock: UTC epoch milliseconds, that a test can set and move."""

import math
import time
from collections.abc import Callable


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


def next_second() -> int:
    """Where a bot runs on a story clock: Telegram dates messages in whole seconds; cut off, that
    would be before that clock was last moved. From the future nothing comes: the bot takes it as
    now."""
    return math.ceil(time.time()) * 1000


class Clock:
    """Follows `source` until it is set; from then on it stands still and moves by hand."""

    def __init__(self, source: Callable[[], int] = wall_clock) -> None:
        self._source = source
        self._ahead = 0

    def now(self) -> int:
        """UTC epoch milliseconds."""
        return self._source() + self._ahead

    def seconds(self) -> int:
        """UTC epoch seconds, as the Bot API gives dates."""
        return self.now() // 1000

    def stand_at(self, now: int) -> None:
        """Stand still at this instant (UTC epoch milliseconds)."""
        self._source, self._ahead = (lambda: now), 0

    def move(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Go ahead (or back) at once."""
        self._ahead += round((hours * 3600 + minutes * 60 + seconds) * 1000)
