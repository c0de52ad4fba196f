"""One run of everything, from empty folders to the lines of the table."""

import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import disk, footprint, intake, pages, replies, rosters
from tests.bench.country.course import CountrySize
from tests.bench.country.course import run as run_country
from tests.bench.figure import Samples
from tests.bench.house import a_house
from tests.bench.rosters import RosterSize
from tests.bench.table import Line, at_most, compared, plain, tail
from tests.bench.telegram.course import TelegramSize
from tests.bench.telegram.course import run as run_telegram

PARTS = REGION, COUNTRY, ROSTER = "region", "country", "roster"
PAGES_BAR, REPLY_BAR = 1.5, 1.2  # times the floor
QUEUED_BAR = 50.0  # ms, 99th percentile
MEMORY_BAR, START_BAR = 150.0, 4.0  # MB, s


@dataclass(frozen=True)
class Size:
    """How many samples of what."""

    alarms: int = 100
    replies: int = 100
    messages: int = 1_000
    writes: int = 200
    starts: int = 5
    melders: int = 45
    telegram: TelegramSize = field(default_factory=TelegramSize)
    country: CountrySize = field(default_factory=CountrySize)
    roster: RosterSize = field(default_factory=RosterSize)


async def run(size: Size, say: Callable[[str], None], parts: Collection[str] = PARTS) -> list[Line]:
    """Measure everything one after the other, of these parts."""
    lines = await _region(size, say) if REGION in parts else []
    lines += await run_country(size.country, say) if COUNTRY in parts else []
    return lines + (await rosters.measure(size.roster, say) if ROSTER in parts else [])


async def _region(size: Size, say: Callable[[str], None]) -> list[Line]:
    say(f"{size.messages} messages into the bot's loops, on a database file …")
    lines = await _in_process(size)
    say("a homeserver, a region, the bot, two bare clients …")
    async with a_house(size.melders) as house:
        ready = footprint.memory(house)
        say(f"{size.alarms} alarms and as many bare rounds, in turn …")
        paging = await pages.measure(house, size.alarms)
        say(f"{size.replies} commands and as many echoes, in turn …")
        reply = await replies.measure(house, size.replies)
        after = footprint.memory(house)
        say(f"{size.starts} starts …")
        starts = await footprint.starts(house, size.starts)
    by_telegram = await run_telegram(size.telegram, PAGES_BAR, say)
    slowest = max(starts.values)
    return [
        compared("confirmation at the bot → last of 4 pages accepted", paging.pages, PAGES_BAR),
        plain("  of which until the first page leaves", paging.first_request),
        compared("  the same until the last of 8 buttons stands", paging.buttons),
        compared("command typed → reply on the phone", reply, REPLY_BAR),
        *by_telegram,
        *lines,
        at_most("memory when ready", str(ready), ready.resident, MEMORY_BAR, "MB"),
        at_most(f"memory after {size.alarms} alarms", str(after), after.resident, MEMORY_BAR, "MB"),
        at_most("process start → ready", str(starts), slowest, START_BAR, "s", len(starts)),
    ]


async def _in_process(size: Size) -> list[Line]:
    folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
    try:
        before = disk.fsync(folder, size.writes)
        taken = await intake.measure(folder, size.messages)
        after = disk.fsync(folder, size.writes)
    finally:
        shutil.rmtree(folder)
    fsync = Samples(before.values + after.values)
    return [
        tail("message in → committed (floor: fsync of 4 kB)", taken.committed, fsync),
        tail("message in → reply queued", taken.queued, fsync, QUEUED_BAR),
        tail("  of these: alarm confirmed → pages queued", taken.alarm, fsync),
    ]
