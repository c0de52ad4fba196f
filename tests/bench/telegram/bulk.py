"""A page while 300 status messages wait for the same messenger, beside the same page without them.

The messages are for the chats of everybody, those who will be paged among them. An alarm is
confirmed while they are being sent; what is then left of them is taken away again.
"""

import asyncio
from collections.abc import Iterator
from time import perf_counter

from tests.bench.figure import Ratio, milliseconds
from tests.bench.telegram.house import ON_DUTY, WITHIN_S, House
from tests.bench.telegram.rounds import draft, is_send, ours

WAITING = 300
FLOWING = 20  # of them are accepted when the alarm is confirmed
FOR_GROUP = 40
GROUP_TAKES, WITHIN_MINUTE_S = 20, 60.0


class Bulk:
    """Measures. One of these for a house, for it knows what the group got lately."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._group = 0
        self._to_group: list[float] = []  # when the group got something

    async def measure(self, melders: Iterator[str], samples: int) -> Ratio:
        """A page behind bulk, and one without, in turn."""
        return await self._measure(melders, samples, 0)

    async def measure_with_group(self, melders: Iterator[str], samples: int) -> Ratio:
        """The same, while the group has got all that it may get within a minute."""
        self._group = await self._house.telegram.tell("group", title="Lage Dijk", names=ON_DUTY)
        await self._house.database.group(self._group)
        return await self._measure(melders, samples, FOR_GROUP)

    async def _measure(self, melders: Iterator[str], samples: int, for_group: int) -> Ratio:
        house = self._house
        behind: list[float] = []
        alone: list[float] = []
        for _ in range(samples):
            one, other = next(melders), next(melders)
            await draft(house, one, other)
            house.wire.forget()
            await house.database.pile_up(list(house.chats), WAITING, for_group)
            await self._flows(used_up=for_group > 0)
            behind.append((await ours(house, [one])).last)
            await self._clear()
            alone.append((await ours(house, [other])).last)
            await house.calm()
        return Ratio(milliseconds(behind), milliseconds(alone))

    async def _flows(self, *, used_up: bool) -> None:
        before = list(self._to_group)

        def does() -> bool:
            sends = [each for each in self._house.wire.exchanges if is_send(each)]
            to_group = [each for each in sends if each.form["chat_id"] == str(self._group)]
            self._to_group = before + [each.begun for each in to_group]
            lately = [at for at in self._to_group if at > perf_counter() - WITHIN_MINUTE_S]
            return len(sends) >= FLOWING and (not used_up or len(lately) >= GROUP_TAKES)

        await self._house.wire.until(lambda _: does(), WITHIN_S)

    async def _clear(self) -> None:
        """What was on its way into the limiter comes back and is taken away as well."""
        while await self._house.database.clear_away():
            await asyncio.sleep(0.05)
        await self._house.calm()
