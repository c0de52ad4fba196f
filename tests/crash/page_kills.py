"""One alarm whose pages go to Telegram, and the bot dies between two of their states, life after
life.

Telegram knows no keys of ours: what it accepted just before the bot died goes out once more. The
later copy says that it may be a repeat, and whichever copy is pressed, the page is taken once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.kill_points import KillPoint
from tests.crash import doings
from tests.crash.ledger import number, rows, settled
from tests.crash.region import ON_DUTY, Region
from tests.kit.telegram.screen import TelegramSeen

Lives = Sequence[tuple[KillPoint, int]]  # where each ends, and how often it passes there

SHORT: Lives = ((KillPoint.PAGES_CLAIMED, 1), (KillPoint.PAGE_SENT, 1), (KillPoint.PAGE_MARKED, 1))
FULL: Sequence[Lives] = (
    SHORT,
    ((KillPoint.DONE, 1),),
    ((KillPoint.PAGE_SENT, 2), (KillPoint.PAGE_SENT, 1)),
    ((KillPoint.PAGE_MARKED, 3), (KillPoint.PAGE_SENT, 1)),
    ((KillPoint.PAGE_SENT, 4), (KillPoint.PAGES_CLAIMED, 1)),
)

_PAGES = "SELECT count(*) FROM outbox WHERE page_id IS NOT NULL AND state "
_SENDING = _PAGES + "= 'sending'"
_ON_THEIR_WAY = _PAGES + "IN ('pending', 'sending')"


@dataclass
class Told:
    """What came of one alarm."""

    deaths: int = 0
    sending: list[int] = field(default_factory=list)  # pages on their way, at each death
    on_screens: list[int] = field(default_factory=list)  # how many had theirs by then
    arrived: int = 0
    marked: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def repeats(self) -> int:
        return self.arrived - len(ON_DUTY)

    def line(self) -> str:
        return (
            f"pages {len(ON_DUTY)}, kills {self.deaths}, on their way then {self.sending},"
            f" on screens then {self.on_screens}, arrived {self.arrived},"
            f" repeats {self.repeats}, marked {self.marked}"
        )


class OneAlarm:
    """It dies, and people press what they see: all but one while it is dead for the last time,
    known copies and unknown ones, and then every copy that still asks, some the last one first."""

    def __init__(self, region: Region, reporter: str, lives: Lives) -> None:
        self._region = region
        self._reporter = region.people[reporter]
        self._lives = lives
        self._before = region.victim.deaths
        self._known = {key: set(doings.pages(region.people[key])) for key in ON_DUTY}
        self._told = Told()

    async def run(self) -> Told:
        region, reporter, told = self._region, self._reporter, self._told
        await reporter.writes(doings.LINE)
        draft = await doings.asked(reporter, lambda seen: doings.SEND in seen.buttons)
        await region.victim.stop()
        region.victim.on_death = self._while_dead
        await region.victim.start(*(f"{point}:{passes}" for point, passes in self._lives))
        await reporter.taps(draft, doings.SEND)
        await doings.until(reporter, lambda: self._deaths_left() == 0 or None, "the bot to die")
        await region.victim.ready()
        for key in ON_DUTY:
            await doings.until(region.people[key], partial(self._copies, key), "the page")
        await doings.until(reporter, self._all_sent, "every page to be sent")
        await self._everybody_presses()
        await settled(region)
        told.deaths = region.victim.deaths - self._before
        self._judge()
        return told

    def _deaths_left(self) -> int:
        return self._before + len(self._lives) - self._region.victim.deaths

    def _copies(self, key: str) -> list[TelegramSeen] | None:
        """Of this alarm's page, as they came."""
        mine = doings.pages(self._region.people[key])
        fresh = [copies for ref, copies in mine.items() if ref not in self._known[key]]
        return fresh[0] if fresh else None

    async def _while_dead(self) -> None:
        told, region = self._told, self._region
        told.sending.append(rows(region, _SENDING)[0][0])
        seen = [key for key in ON_DUTY if self._copies(key)]
        told.on_screens.append(len(seen))
        if self._deaths_left() == 0:
            for key in seen[:-1]:
                await self._presses(key, (self._copies(key) or [])[0])

    async def _everybody_presses(self) -> None:
        """A copy that came just before a death is known to nobody until it is pressed: also who
        pressed the first one while it was dead may still be asked by the second."""
        await settled(self._region)
        await asyncio.gather(
            *(self._presses_all(key, last=turn % 2 == 1) for turn, key in enumerate(ON_DUTY))
        )

    async def _presses_all(self, key: str, *, last: bool) -> None:
        """The last copy first, or the first."""
        copies = [copy for copy in self._copies(key) or [] if copy.buttons and not copy.redacted]
        for copy in copies[::-1] if last else copies:
            await self._presses(key, copy)

    def _all_sent(self) -> bool | None:
        """Only then it shows which page came twice."""
        return rows(self._region, _ON_THEIR_WAY)[0][0] == 0 or None

    async def _presses(self, key: str, copy: TelegramSeen) -> None:
        """And wait until something came of it, if there is somebody to do it."""
        phone = self._region.people[key]
        await phone.taps(copy, doings.TAKE, stale=True)
        if self._region.victim.alive:
            over = lambda: copy.redacted or doings.TAKEN in copy.text or None  # noqa: E731
            await doings.until(phone, over, f"{copy} to answer the press")

    def _judge(self) -> None:
        told, faults = self._told, self._told.faults
        for key in ON_DUTY:
            copies = self._copies(key) or []
            told.arrived += len(copies)
            told.marked += sum(doings.marked(copy) for copy in copies)
            if not all(doings.marked(copy) for copy in copies[1:]):
                faults.append(f"{key}: a repeat that does not say so")
            if [doings.TAKEN in copy.text for copy in copies if not copy.redacted] != [True]:
                faults.append(f"{key}: the screen does not say once that it is taken")
            if any(copy.buttons and not copy.redacted for copy in copies):
                faults.append(f"{key}: a question stands open")
        for what in ("chains", "acked", "pages", "takings"):
            if number(self._region, what) != number(self._region, "open") * len(ON_DUTY):
                faults.append(f"{what}: {number(self._region, what)}")
        if number(self._region, "quarantined"):
            faults.append("an update was set aside")
