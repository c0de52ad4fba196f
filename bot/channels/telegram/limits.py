"""How fast we may send, and who goes first.

Telegram takes about 30 messages a second from a bot, one a second to a person and 20 a minute to
a group; edits count too. Whoever goes faster is silenced for a while, pages and all.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable

# Counted where it leaves. What is late there and the next in time arrive within less than a second
# of each other, so ours is longer: with one of a second a server once counted 34.
SECOND = 1_200
FOR_ALL = (20, SECOND)  # with the next one Telegram's 30
FOR_PAGES = (10, SECOND)  # which nothing else may use
PER_PERSON = (3, 3_000)  # one a second, and three at once after a rest
PER_GROUP = (20, 60_000)
LONGEST_INSIDE_MS = 3_000  # who must wait longer comes back, and holds up nobody meanwhile
MOST_CHATS = 1_000  # remembered


class Window:
    """At most so many in any stretch of so many milliseconds."""

    def __init__(self, most: int, per_ms: int) -> None:
        self._per_ms = per_ms
        self._gone: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """Milliseconds until one more may go."""
        if len(self._gone) < (self._gone.maxlen or 0):
            return 0
        return max(0, self._gone[0] + self._per_ms - now)

    def book(self, now: float) -> None:
        self._gone.append(now)

    def rests(self, now: float) -> bool:
        """Whether it has nothing left to remember."""
        return not self._gone or self._gone[-1] + self._per_ms <= now


class Limits:
    """Pure arithmetic on a clock of milliseconds that only goes forward."""

    def __init__(self) -> None:
        self._all = Window(*FOR_ALL)
        self._pages = Window(*FOR_PAGES)
        self._chats: dict[str, Window] = {}
        self._paused: dict[str, float] = {}

    def ask(self, chat: str, now: float, *, urgent: bool, light: bool = False) -> int:
        """0: it may go, and is counted. Else whole milliseconds until it is worth asking again.

        `light` is what puts nothing into the chat: it counts for all together only.
        """
        own = None if light else self._window(chat, now)
        lanes = (self._all, self._pages) if urgent else (self._all,)
        lane = min(lanes, key=lambda each: each.wait(now))
        waits = [self._paused.get(chat, 0) - now, lane.wait(now)]
        if own is not None and (not urgent or is_group(chat)):
            waits.append(own.wait(now))
        wait = max(waits)
        if wait > 0:
            return math.ceil(wait)
        self._paused.pop(chat, None)
        lane.book(now)
        if own is not None:
            own.book(now)
        return 0

    def pause(self, chat: str, until: float) -> None:
        """Nothing goes to this chat before then, pages neither: the server would refuse it."""
        self._paused[chat] = max(until, self._paused.get(chat, 0))

    def _window(self, chat: str, now: float) -> Window:
        if chat not in self._chats:
            if len(self._chats) >= MOST_CHATS:
                busy = {name: one for name, one in self._chats.items() if not one.rests(now)}
                self._chats = busy
            self._chats[chat] = Window(*(PER_GROUP if is_group(chat) else PER_PERSON))
        return self._chats[chat]


class Limiter:
    """Waits as the limits say."""

    def __init__(
        self,
        now: Callable[[], float] = lambda: time.monotonic() * 1000,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`now` in milliseconds, only ever forward; `sleep` takes seconds."""
        self._limits = Limits()
        self._now = now
        self._sleep = sleep

    async def enter(self, chat: str, *, urgent: bool, light: bool = False) -> int:
        """Returns 0 when it may go; else it takes too long, and it is to come back after so many
        milliseconds."""
        until = self._now() + LONGEST_INSIDE_MS
        while wait := self._limits.ask(chat, self._now(), urgent=urgent, light=light):
            if self._now() + wait > until:
                return wait
            await self._sleep(wait / 1000)
        return 0

    def pause(self, chat: str, for_ms: int) -> None:
        """The server wants no more in this chat for so long."""
        self._limits.pause(chat, self._now() + for_ms)


def is_group(chat: str) -> bool:
    """Groups have numbers below nought."""
    return chat.startswith("-")
