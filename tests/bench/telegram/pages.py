"""From the press that confirms an alarm to the page that the server accepts as the fourth; and the
same for ten alarms that are confirmed in one moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.figure import Ratio, Samples, milliseconds
from tests.bench.telegram.house import House
from tests.bench.telegram.rounds import bare, draft, ours

AT_ONCE = 10  # alarms
# A server on this machine accepts a message in a millisecond, one behind the internet cannot. This
# is what the homeserver of the bench takes for four pages, not a figure of Telegram's.
HELD_S = 0.05
# What Telegram takes from a bot within a second; whoever goes faster is silenced.
MOST, PER_S = 30, 1.0


@dataclass(frozen=True)
class Paging:
    """Milliseconds, and what they are to the floor."""

    pages: Ratio
    first: Samples  # until the first page leaves: our own work


@dataclass(frozen=True)
class Burst:
    """`pages` against a bare client that keeps to Telegram's limit as tightly as one can;
    `unlimited` is that client without any regard for it."""

    pages: Ratio
    unlimited: Samples
    busiest: int  # requests of ours within any second, of what counts for the limit


async def measure(house: House, melders: Iterator[str], samples: int) -> Paging:
    """One alarm, one bare round, in turn. A first pair is not counted."""
    taken: list[float] = []
    firsts: list[float] = []
    floor: list[float] = []
    for _ in range(samples + 1):
        melder = next(melders)
        await draft(house, melder)
        mine = await ours(house, [melder])
        await house.calm()
        floor.append(await bare(house, mine))
        taken.append(mine.last)
        firsts.append(mine.first)
    return Paging(Ratio(milliseconds(taken[1:]), milliseconds(floor[1:])), milliseconds(firsts[1:]))


async def measure_held(house: House, melders: Iterator[str], samples: int) -> Paging:
    """The same with a server that lets everybody wait before it accepts a message."""
    telegrams = (house.telegram, house.bare.telegram)
    for telegram in telegrams:
        await telegram.tell("hold", method="sendMessage", delay_s=HELD_S)
    paging = await measure(house, melders, samples)
    for telegram in telegrams:
        await telegram.tell("hold", method="sendMessage", delay_s=0)
    return paging


async def burst(house: House, melders: Iterator[str], samples: int) -> Burst:
    """Ten alarms, a bare round within the limit, one without, in turn."""
    taken: list[float] = []
    floor: list[float] = []
    unlimited: list[float] = []
    busiest = 0
    for _ in range(samples):
        hands = [next(melders) for _ in range(AT_ONCE)]
        await draft(house, *hands)
        await house.telegram.tell("forget")
        mine = await ours(house, hands)
        await house.calm()
        busiest = max(busiest, await house.telegram.tell("busiest", span_s=PER_S))
        taken.append(mine.last)
        floor.append(await bare(house, mine, AT_ONCE, at_once=MOST, rest_s=PER_S))
        unlimited.append(await bare(house, mine, AT_ONCE))
    return Burst(Ratio(milliseconds(taken), milliseconds(floor)), milliseconds(unlimited), busiest)
