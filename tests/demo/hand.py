"""The hand that moves the clock of the day: fast while people wait, slowly while they act."""

import asyncio
import json
import os
import time
from datetime import datetime
from pathlib import Path

from commands.rules.moments import AMSTERDAM

REAL = 1.0  # as fast as the clock on the wall
WALK = 5.0  # while people and the bot are busy: a slow machine has 12 s for what a minute holds
MINUTE_TAKES_S = 0.15  # while everybody waits, a minute of the day
LONGEST_S = 0.8  # and however long they wait


class Hand:
    """Story instants are UTC epoch milliseconds. The file is read by the bot and by everybody's
    process; a line that begins in the future stops the clock exactly where it must."""

    def __init__(self, path: Path, begins: datetime) -> None:
        self._path = path
        self._lines: list[tuple[int, int, float]] = []
        self._slow = False
        self._changed = asyncio.Event()
        self.day = begins
        self._lay([(_wall(), _ms(begins), WALK)])

    def now(self) -> int:
        """What the clock shows."""
        wall = _wall()
        begun = [line for line in self._lines if line[0] <= wall] or self._lines[:1]
        at, story, rate = begun[-1]
        return story + int((wall - at) * rate)

    def set_to(self, clock: str) -> None:
        """Put the clock forward to this time of the day; it walks on."""
        self._lay([(_wall(), self.instant(clock), WALK)])

    def set_to_the_wall(self) -> None:
        """From now on this is the clock on the wall."""
        self._lay([(_wall(), _wall(), REAL)])

    def instant(self, clock: str) -> int:
        """The instant at which the clock shows this on the day of the story."""
        hour, minute = (int(part) for part in clock.split(":"))
        return _ms(self.day.replace(hour=hour, minute=minute, second=0, microsecond=0))

    def slow_down(self, slow: bool) -> None:
        """While the bot is away the clock keeps its real pace: starting takes real time."""
        self._slow = slow
        self._lay([(_wall(), self.now(), REAL if slow else WALK)])
        self._changed.set()

    async def hurry_to(self, clock: str) -> None:
        """Run fast until the clock shows that, then walk."""
        end = self.instant(clock)
        minutes = max(0, end - self.now()) / 60_000
        takes_ms = 1000 * min(minutes * MINUTE_TAKES_S, LONGEST_S)
        rate = max(WALK, minutes * 60_000 / takes_ms) if takes_ms else WALK
        while self.now() < end:
            self._changed.clear()
            pace = REAL if self._slow else rate
            wall, story = _wall(), self.now()
            arrival = wall + int((end - story) / pace)
            self._lay([(wall, story, pace), (arrival, end, WALK)])
            try:
                await asyncio.wait_for(self._changed.wait(), (arrival - wall) / 1000 + 0.001)
            except TimeoutError:
                continue

    def _lay(self, lines: list[tuple[int, int, float]]) -> None:
        """These lines count from now on; what had not begun is dropped."""
        begun = [line for line in self._lines if line[0] < lines[0][0]]
        self._lines = [*begun, *lines]
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(f"{json.dumps(line)}\n" for line in self._lines))
        os.replace(fresh, self._path)


def _wall() -> int:
    return time.time_ns() // 1_000_000


def _ms(moment: datetime) -> int:
    return int(moment.astimezone(AMSTERDAM).timestamp() * 1000)
