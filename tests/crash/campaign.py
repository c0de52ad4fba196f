"""Bursts of updates, and in the middle of each the bot is killed: at random, from a seed."""

import asyncio
import math
import random
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.crash import doings
from tests.crash.acks import Acks
from tests.crash.complaints import complaints, impossible
from tests.crash.ledger import Ledger, account, number, settled
from tests.crash.region import ON_DUTY, Region, a_region
from tests.crash.relay import Relay
from tests.kit.synapse import Synapse
from tests.kit.telegram.person import Person

ASKERS = (
    "vt_fo", "vt_gw2", "om_ovj2", "politie_cvd2", "rvdk_contact2",
)  # fmt: skip
WAYS = (doings.raises_in_one_line, doings.raises_by_buttons)
FEWEST_BY_REPORTER = 3  # updates for one alarm
MOST_IN_ONE_BREATH = 4
ONE_IN_THREE = 1 / 3
BURST_S = 2.0  # what follows from a burst takes about so long: somewhere in it the bot dies
RETURN_S = (0.2, 3.0)  # and sometimes once more, while it comes back
ONE_COMMIT_IN, CUTTING_S = 8, 12.0
# Longer than the others wait for one that stands still (decision 28), and sometimes than the
# server waits in a transaction.
STILL_S = (4.0, 14.0)


@dataclass(frozen=True)
class Size:
    """`updates` at least; one burst for each kill, as many alarms in each. Of several instances
    one in three stands still for a while in place of it."""

    updates: int
    kills: int
    alarms_in_burst: int

    @property
    def reporters(self) -> list[str]:
        return [f"vt_melder{n}" for n in range(self.kills * self.alarms_in_burst)]


SHORT = Size(updates=120, kills=3, alarms_in_burst=2)
SHORTEST = Size(updates=40, kills=1, alarms_in_burst=2)
TWICE = Size(updates=80, kills=2, alarms_in_burst=2)
FULL = Size(updates=400, kills=8, alarms_in_burst=3)


@dataclass
class Outcome:
    """How it went. `at_death`: what was unfinished at each kill. `complaints`: of its log."""

    seed: int
    kills: int
    stills: int
    at_death: list[str]
    complaints: Counter[str]
    ledger: Ledger

    @property
    def harms(self) -> int:
        return self.kills + self.stills

    def lines(self) -> list[str]:
        stood = f", stood still {self.stills}" if self.stills else ""
        told = [f"log: {times} × {what}" for what, times in sorted(self.complaints.items())]
        return [f"kills {self.kills}{stood}", *self.ledger.lines(), *told]


class Campaign:
    """One run."""

    def __init__(self, region: Region, size: Size, seed: int, relay: Relay | None = None) -> None:
        """With a `relay` to the database nobody dies; it cuts the line around commits."""
        self._region = region
        self._relay = relay
        self._size = size
        self._random = random.Random(seed)
        self._asked: Counter[str] = Counter()
        self._raised = 0
        still = max(1, size.kills // 3) if len(region.victims) > 1 else 0
        self._harms = [self._stand_still] * still + [self._kill] * (size.kills - still)
        self._random.shuffle(self._harms)
        self.at_death: list[str] = []
        self._acks = Acks(region)
        for victim in region.victims:
            victim.on_death = self._note_death

    async def run(self) -> Ledger:
        """All bursts. Fails where people wait in vain."""
        watching = asyncio.create_task(self._acks.watch())
        try:
            for _ in range(self._size.kills):
                await self._burst()
            await self._region.ready()
            await settled(self._region)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        self._acks.look()
        ledger = await account(self._region, self._raised, self._asked)
        ledger.faults += self._acks.undone
        return ledger

    async def _burst(self) -> None:
        """Everybody does something at once, and meanwhile it is killed."""
        people, size = self._region.people, self._size
        reporters = size.reporters[self._raised : self._raised + size.alarms_in_burst]
        self._raised += len(reporters)
        async with asyncio.TaskGroup() as everybody:
            for key, way in zip(reporters, cycle(WAYS), strict=False):
                everybody.create_task(way(people[key]))
            for key in ON_DUTY:
                everybody.create_task(
                    doings.takes_pages(people[key], self._raised, self._impatient)
                )
            for key, breaths in self._questions(len(reporters)).items():
                everybody.create_task(self._ask(people[key], breaths))
            everybody.create_task(self._harm())

    def _questions(self, alarms: int) -> dict[str, list[int]]:
        """So many that the burst has its share of updates, in breaths, by whom."""
        left = math.ceil(self._size.updates / self._size.kills)
        left -= alarms * (FEWEST_BY_REPORTER + len(ON_DUTY))
        questions: dict[str, list[int]] = {}
        turn = 0  # in turn, because nobody is sent more than a message a second
        while left > 0:
            breath = min(left, self._random.randint(1, MOST_IN_ONE_BREATH))
            questions.setdefault(ASKERS[turn % len(ASKERS)], []).append(breath)
            left, turn = left - breath, turn + 1
        return questions

    async def _ask(self, phone: Person, breaths: list[int]) -> None:
        for times in breaths:
            self._asked[phone.name] += times
            await doings.asks_for_duty(phone, times)

    def _impatient(self) -> bool:
        return self._random.random() < ONE_IN_THREE

    async def _harm(self) -> None:
        if self._relay is not None:
            self._relay.one_in = ONE_COMMIT_IN
            await asyncio.sleep(CUTTING_S)
            self._relay.one_in = None
            return
        await asyncio.sleep(self._random.uniform(0, BURST_S))
        await self._harms.pop()()

    async def _kill(self) -> None:
        """One dies, and sometimes one dies once more, the same or another one."""
        self._random.choice(self._region.victims).kill()
        if self._random.random() < ONE_IN_THREE:
            await asyncio.sleep(self._random.uniform(*RETURN_S))
            self._random.choice(self._region.victims).kill()

    async def _stand_still(self) -> None:
        """Where another one can take over: and then it goes on as if nothing had been."""
        alive = [victim for victim in self._region.victims if victim.alive]
        seconds = self._random.uniform(*STILL_S)
        await self._random.choice(alive).stands_still(seconds)

    async def _note_death(self) -> None:
        region = self._region
        self.at_death.append(
            f"{len(region.telegram.updates.pending)} updates at the server,"
            f" {number(region, 'new')} not acted upon, {number(region, 'waiting')} to send"
        )


async def run(
    synapse: Synapse,
    folder: Path,
    size: Size,
    seed: int,
    *,
    address: str | None = None,
    instances: int = 1,
    relay: Relay | None = None,
) -> Outcome:
    """A whole campaign on a region of its own; `address` and `instances` as of `Region`, `relay`
    as of `Campaign`."""
    line = relay.address if relay is not None else None
    async with a_region(
        synapse, folder, size.reporters, address=address, line=line, instances=instances
    ) as region:
        campaign = Campaign(region, size, seed, relay)
        ledger = await campaign.run()
        told = complaints(region.victims)
        ledger.faults += impossible(told)
        return Outcome(
            seed,
            sum(victim.deaths for victim in region.victims),
            sum(victim.stills for victim in region.victims),
            campaign.at_death,
            told,
            ledger,
        )
