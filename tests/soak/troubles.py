"""What goes wrong meanwhile, at random from a seed; each thing is counted, and over by itself."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.kit.synapse import Synapse
from tests.kit.telegram.faults import Cut, Fault, Flood, Hang, Noise, Page, ServerError, Slow
from tests.kit.telegram.server import FakeTelegram
from tests.soak.disks import Disk

METHODS = ("sendMessage", "sendMessage", "editMessageText", "getUpdates", "*")
LASTS_S = (1.0, 4.0)


@dataclass(frozen=True)
class Pace:
    """Seconds between one trouble and the next of the same house, at least and at most."""

    telegram: tuple[float, float] = (2.0, 8.0)
    homeserver: tuple[float, float] = (10.0, 40.0)
    database: tuple[float, float] = (5.0, 15.0)


class Troubles:
    """`met` counts the requests that met a fault of Telegram, `came` what was ordered."""

    def __init__(
        self,
        telegram: FakeTelegram,
        synapse: Synapse,
        disk: Disk,
        seed: int,
        pace: Pace | None = None,
    ) -> None:
        self._telegram = telegram
        self._synapse = synapse
        self._disk = disk
        self._random = random.Random(seed)
        self._pace = pace or Pace()
        self._over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._ordered: list[tuple[str, Fault]] = []
        self.came: Counter[str] = Counter()

    @property
    def met(self) -> Counter[str]:
        """Requests to Telegram, by what befell them."""
        total: Counter[str] = Counter()
        for name, fault in self._ordered:
            total[name] += fault.times_met
        return total

    def begin(self) -> None:
        telegram = (
            self._flood, self._flood, self._error, self._proxy, self._cut, self._cut, self._garbled,
            self._hang, self._slow, self._telegram_down,
        )  # fmt: skip
        homeserver = (self._synapse_still, self._synapse_dies)
        database = (self._slow_disk, self._held_up)
        for pace, kinds in (
            (self._pace.telegram, telegram),
            (self._pace.homeserver, homeserver),
            (self._pace.database, database),
        ):
            self._tasks.append(asyncio.create_task(self._play(pace, kinds)))

    async def end(self) -> None:
        """What has begun comes to its end, and then everything is well. Raises what broke."""
        self._over.set()
        done = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._telegram.faults.clear()
        await self._disk.slow(0)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _play(
        self, pace: tuple[float, float], kinds: tuple[Callable[[], Awaitable[None]], ...]
    ) -> None:
        """Each kind before one comes again."""
        deck: list[Callable[[], Awaitable[None]]] = []
        while not await self._rest(self._random.uniform(*pace)):
            deck = deck or self._random.sample(kinds, len(kinds))
            await deck.pop()()

    async def _rest(self, seconds: float) -> bool:
        """Whether it is over meanwhile."""
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return False
        return True

    # Telegram

    async def _order(self, name: str, fault: Fault, times: int) -> None:
        """It is over after a while: else what few requests meet would wait in a heap for them."""
        self.came[name] += 1
        self._ordered.append((name, fault))
        ordered = self._telegram.faults.times(times, self._random.choice(METHODS), fault)
        await self._rest(self._random.uniform(*LASTS_S))
        ordered.lift()

    async def _flood(self) -> None:
        await self._order("429", Flood(self._random.randint(1, 5)), self._random.randint(1, 5))

    async def _error(self) -> None:
        await self._order("500", ServerError(), self._random.randint(1, 5))

    async def _proxy(self) -> None:
        await self._order("502 of a proxy", Page(), self._random.randint(1, 5))

    async def _cut(self) -> None:
        after = self._random.random() < 0.5
        name = "cut after it was done" if after else "cut before it was done"
        await self._order(name, Cut(carried_out=after), self._random.randint(1, 3))

    async def _garbled(self) -> None:
        await self._order("answer that is no JSON", Noise(), self._random.randint(1, 3))

    async def _slow(self) -> None:
        await self._order(
            "slow answer", Slow(self._random.uniform(0.3, 3)), self._random.randint(3, 10)
        )

    async def _hang(self) -> None:
        """Longer than the bot waits, or not; what hangs is done before or after."""
        hang = Hang(carried_out=self._random.random() < 0.5)
        await self._order("hang", hang, self._random.randint(1, 3))
        await self._rest(self._random.uniform(0, 15))
        hang.release()

    async def _telegram_down(self) -> None:
        self.came["Telegram restarted"] += 1
        await self._telegram.goes_down()
        await self._rest(self._random.uniform(1, 8))
        await self._telegram.comes_back()

    # the homeserver

    async def _synapse_still(self) -> None:
        self.came["Synapse stood still"] += 1
        self._synapse.pause()
        await self._rest(self._random.uniform(1, 8))
        self._synapse.resume()

    async def _synapse_dies(self) -> None:
        self.came["Synapse killed and restarted"] += 1
        await asyncio.to_thread(self._synapse.kill)
        await self._rest(self._random.uniform(0, 3))
        await self._synapse.start()

    # the database

    async def _slow_disk(self) -> None:
        self.came["slow disk"] += 1
        await self._disk.slow(self._random.randint(10, 100))
        await self._rest(self._random.uniform(3, 10))
        await self._disk.slow(0)

    async def _held_up(self) -> None:
        self.came["database held up"] += 1
        await self._disk.held_up(self._random.uniform(0.2, 2))
