"""Somebody with a phone who follows a script; on which messenger, the two kinds below this say."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Generic, TypeVar

from bot.clock import StoryClock
from commands.rules.moments import AMSTERDAM
from tests.demo.acts import Step
from tests.demo.report import Messenger, Place, Report, What
from tests.kit.seen import Seen

T = TypeVar("T")
M = TypeVar("M", bound=Seen)
LOOK_MS = 1_000


class Player(ABC, Generic[M]):
    """Sees only what this phone shows, and acts upon that. What happens is reported on standard
    output."""

    messenger: Messenger

    def __init__(self, key: str, clock: StoryClock) -> None:
        self.key = key
        self.clock = clock

    @abstractmethod
    async def do(self, step: Step, seen: M | None) -> None:
        """Carry out a step; `seen` is the message it is about."""

    @abstractmethod
    def is_in(self, place: Place) -> bool:
        """Whether there is such a place on this phone."""

    @abstractmethod
    def shown(self, text: str, place: Place) -> M | None:
        """The newest message of the bot that shows this text now."""

    @abstractmethod
    async def news(self) -> None:
        """Return when something came in, or after a while."""

    async def follow(self, script: Iterable[Step]) -> None:
        """Take one step after the other."""
        for step in script:
            await self._take(step)
        self.report("done")

    async def _take(self, step: Step) -> None:
        await self.until(lambda: self.is_in(step.place))
        if step.upon:
            await self.until(lambda: self.shown(step.upon, step.place))
        await self._comes(step.at)
        await self.do(step, self.shown(step.upon, step.place))

    async def _comes(self, clock: str) -> None:
        """Wait until the clock on the wall shows this."""
        hour, minute = (int(part) for part in clock.split(":"))
        today = datetime.fromtimestamp(self.clock.now() / 1000, AMSTERDAM)
        due = today.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp() * 1000
        while self.clock.now() < due:
            await self.clock.wait(int(due), LOOK_MS, asyncio.Event())

    async def until(self, look: Callable[[], T | None]) -> T:
        """Wait until there is something."""
        while not (found := look()):
            await self.news()
        return found

    def fails(self, why: BaseException) -> None:
        """Tell that this phone cannot go on."""
        self.report("fault", f"{type(why).__name__}: {why}")

    def report(
        self,
        what: What,
        text: str = "",
        place: Place = "direct",
        *,
        event: str = "",
        loud: bool = False,
        unreadable: bool = False,
        buttons: str = "",
    ) -> None:
        """Tell what happened."""
        now, wall = self.clock.now(), time.time_ns() // 1_000_000
        report = Report(
            *(self.key, what, now, wall, place, text, event, loud, unreadable),
            messenger=self.messenger,
            buttons=buttons,
        )
        print(report.line(), flush=True)
