"""A hundred alarms that are confirmed in one moment, six pages each, until the last is accepted.

Once as fast as both can, on a Telegram that takes everything; once as fast as Telegram allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.country.house import WITHIN_S, Country
from tests.bench.country.regions import PARTNERS, alarm_of
from tests.bench.figure import Ratio, milliseconds
from tests.bench.telegram.house import House
from tests.bench.telegram.pages import MOST, PER_S
from tests.bench.telegram.rounds import SEND, bare, ours

SIDE_BY_SIDE = 32  # what our own dispatcher has on its way at most
UNHURRIED = "tests.bench.country.unhurried"


@dataclass(frozen=True)
class Burst:
    """Milliseconds, from the answer with the first confirmation to the last page accepted."""

    fast: Ratio
    allowed: Ratio  # the bare client sends 30 and the next 30 a second later


async def measure(country: Country, url: str, alarms: int, regions: int, rounds: int) -> Burst:
    """One burst, one bare round, in turn."""
    melders = iter(country.melders)
    async with country.running("unhurried", url, UNHURRIED) as house:
        fast = await _bursts(house, melders, alarms, regions, rounds, SIDE_BY_SIDE, 0.0)
    async with country.running("hurried", url) as house:
        allowed = await _bursts(house, melders, alarms, regions, 1, MOST, PER_S)
    return Burst(fast, allowed)


async def _bursts(
    house: House,
    melders: Iterator[str],
    alarms: int,
    regions: int,
    rounds: int,
    at_once: int,
    rest_s: float,
) -> Ratio:
    taken: list[float] = []
    floor: list[float] = []
    for _ in range(rounds):
        hands = [next(melders) for _ in range(alarms)]
        await _draft(house, hands, regions)
        mine = await ours(house, hands, len(PARTNERS), WITHIN_S)
        await house.program.quiet(WITHIN_S)
        taken.append(mine.last)
        floor.append(await bare(house, mine, alarms, at_once=at_once, rest_s=rest_s))
    return Ratio(milliseconds(taken), milliseconds(floor))


async def _draft(house: House, melders: list[str], regions: int) -> None:
    for number, melder in enumerate(melders):
        text = f"/alarm {alarm_of(number % regions)} spoed Centrum"
        await house.telegram.tell("write", name=melder, text=text)
    for melder in melders:
        await house.telegram.tell("asked", name=melder, label=SEND)
    await house.program.quiet(WITHIN_S)
