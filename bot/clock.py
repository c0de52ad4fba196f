"""The one clock. Nothing else in the program asks the machine what time it is.

The story clock is for a fictional region only: a file tells where story time stands and how
fast it runs, so that a day can be played in a minute and a test can stop time.
"""

import asyncio
import contextlib
import json
import os
import time
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Instants are UTC epoch milliseconds."""

    def now(self) -> int:
        """The present instant."""
        ...

    def from_wall(self, at: int) -> int:
        """An instant that a server wrote down, on this clock."""
        ...

    async def wait(self, until: int | None, longest_ms: int, bell: asyncio.Event) -> None:
        """Return at `until`, after `longest_ms`, or when the bell rings, whichever is first."""
        ...


class WallClock:
    """The clock on the wall."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def from_wall(self, at: int) -> int:
        return at

    async def wait(self, until: int | None, longest_ms: int, bell: asyncio.Event) -> None:
        length = longest_ms if until is None else min(longest_ms, max(0, until - self.now()))
        await _rest(length / 1000, bell)


class StoryClock:
    """Reads a file of lines [wall ms, story ms, rate]; the last line that has begun counts."""

    _LOOK_EVERY_S = 0.02

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._lines: list[tuple[int, int, float]] = []

    def now(self) -> int:
        return self.from_wall(time.time_ns() // 1_000_000)

    def from_wall(self, at: int) -> int:
        """Story time at a wall-clock instant, also when the story was paused since."""
        self._read()
        begun = [line for line in self._lines if line[0] <= at] or self._lines[:1]
        wall, story, rate = begun[-1]
        return story + int(max(0, at - wall) * rate)

    async def wait(self, until: int | None, longest_ms: int, bell: asyncio.Event) -> None:
        end = time.monotonic() + longest_ms / 1000
        while time.monotonic() < end:
            if until is not None and self.now() >= until:
                return
            if await _rest(self._LOOK_EVERY_S, bell):
                return

    def _read(self) -> None:
        status = self._path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._read_at:
            lines = self._path.read_text().splitlines()
            self._lines = [tuple(json.loads(line)) for line in lines]
            self._read_at = stamp


def write_story(path: Path, story_ms: int, rate: float) -> None:
    """From now on the story stands at `story_ms` and runs at `rate` (0: it stands still)."""
    line = json.dumps([time.time_ns() // 1_000_000, story_ms, rate])
    earlier = path.read_text() if path.exists() else ""
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{earlier}{line}\n")
    os.replace(fresh, path)


async def _rest(seconds: float, bell: asyncio.Event) -> bool:
    """Whether the bell ended it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` may swallow a cancellation
            await bell.wait()
    rung = bell.is_set()
    bell.clear()
    return rung
