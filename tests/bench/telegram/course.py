"""One run of what goes out by Telegram, from an empty folder to the lines of the table."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.table import Line, at_most, compared, plain
from tests.bench.telegram import pages
from tests.bench.telegram.bulk import WAITING, Bulk
from tests.bench.telegram.house import a_telegram_house

PAIR = 2  # melders for one sample behind bulk and its neighbour


@dataclass(frozen=True)
class TelegramSize:
    """How many samples of what."""

    alarms: int = 30
    held: int = 15
    bulk: int = 5
    group: int = 3
    bursts: int = 3

    @property
    def melders(self) -> int:
        """Nobody raises a second alarm within a minute, which would be questioned."""
        uncounted = 2
        in_bulk = PAIR * (self.bulk + self.group)
        return self.alarms + self.held + uncounted + in_bulk + pages.AT_ONCE * self.bursts


async def run(size: TelegramSize, bar: float, say: Callable[[str], None]) -> list[Line]:
    """Measure everything one after the other. `bar`: times the floor."""
    say("a region on Telegram, its server, a bare client …")
    async with a_telegram_house(size.melders) as house:
        melders = iter(house.melders)
        say(f"{size.alarms} alarms and as many bare rounds, in turn, by Telegram …")
        paging = await pages.measure(house, melders, size.alarms)
        held = await pages.measure_held(house, melders, size.held)
        say(f"{size.bulk + size.group} alarms behind {WAITING} messages …")
        bulk = Bulk(house)
        behind = await bulk.measure(melders, size.bulk)
        group = await bulk.measure_with_group(melders, size.group)
        say(f"{size.bursts} times {pages.AT_ONCE} alarms at once …")
        burst = await pages.burst(house, melders, size.bursts)
    wait_ms = round(pages.HELD_S * 1000)
    most = f"{burst.busiest} in a second"
    return [
        compared("Telegram: press at the bot → 4th page accepted", paging.pages, bar),
        plain("  of which until the first page leaves", paging.first),
        compared(f"  a server that takes {wait_ms} ms for each message", held.pages, bar),
        compared(f"  behind {WAITING} status messages (floor: without)", behind),
        compared("  and the group has had its 20 a minute", group),
        compared(
            f"  {pages.AT_ONCE} alarms at once → last of 40 (floor: 30 a second)", burst.pages
        ),
        plain("    bare, without regard to that limit", burst.unlimited),
        at_most("    ours at its busiest", most, burst.busiest, pages.MOST, "in a second"),
    ]
