"""One bot, that lives through all of it, alarms at a steady rate, people who answer or do not, and
trouble at random."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from time import monotonic
from typing import Any

from bot.clock import StoryClock, write_story
from tests.crash import doings
from tests.crash.acks import Acks
from tests.crash.complaints import complaints, impossible
from tests.crash.database import Database, rows
from tests.crash.ledger import settled
from tests.crash.region import CONTACT_POINTS, PASSWORD, Region, a_region
from tests.kit.phone import Phone
from tests.kit.postgres import Postgres
from tests.kit.synapse import Synapse
from tests.soak.crew import whole_crew, write_crew
from tests.soak.disks import Disk, PostgresDisk, SqliteDisk
from tests.soak.ledger import Ledger, account
from tests.soak.memory import Memory
from tests.soak.people import Called, OnMatrix, OnTelegram
from tests.soak.troubles import Pace, Troubles

OPERATOR = "beheerder"
WAYS = (doings.raises_in_one_line, doings.raises_by_buttons)
RATE, RATE_AT_END = 3.0, 60.0  # story time against ours: a chain has its say in minutes
HANG_S = 900.0  # guards against hanging only
LOOK_EVERY_S = 1.0
_WAITING = """
    SELECT lane, count(*) FROM outbox WHERE state IN ('pending', 'sending') GROUP BY lane
    ORDER BY lane
"""
_OPEN = "SELECT count(*) FROM chain WHERE acked_page_id IS NULL AND ended_at IS NULL"


@dataclass(frozen=True)
class Plan:
    """How long (minutes), how many alarms a minute, and what is drawn from `seed`."""

    minutes: float
    rate: float
    seed: int
    database: Database = Database.SQLITE
    pace: Pace = field(default_factory=Pace)
    sample_every_s: float = 10.0

    @property
    def alarms(self) -> int:
        return max(1, round(self.minutes * self.rate))

    @property
    def reporters(self) -> list[str]:
        return [f"vt_melder{n}" for n in range(self.alarms)]


@dataclass
class Outcome:
    """How it went. `came` and `met` as of `Troubles`; seconds are real ones."""

    plan: Plan
    ledger: Ledger
    memory: Memory
    came: Counter[str]
    met: Counter[str]
    complaints: Counter[str]
    heard: Counter[str]  # what the operator read, by its first words
    emulated: str
    most_waiting: int  # messages in the outbox at a moment
    seconds: float = 0.0
    story_minutes: float = 0.0


class Soak:
    """One run on a region."""

    def __init__(
        self, region: Region, plan: Plan, troubles: Troubles, contacts: list[OnMatrix]
    ) -> None:
        numbers = count(plan.seed)
        self._region = region
        self._plan = plan
        self._random = random.Random(plan.seed)
        self._troubles = troubles
        self._on_matrix = contacts
        self.called: list[OnTelegram | OnMatrix] = [
            *(OnTelegram(region.people[key], next(numbers)) for key in whole_crew()),
            *contacts,
        ]
        self._acks = Acks(region)
        self.memory = Memory()
        self.most_waiting = 0

    async def run(self, operator: OnMatrix) -> Ledger:
        """Raises what a player raised, and fails where one waits in vain."""
        everybody: list[Called] = [*self.called, operator]
        beside: list[Coroutine[Any, Any, None]] = [each.for_ever() for each in everybody]
        pid = lambda: self._region.victim.pid  # noqa: E731
        watching = asyncio.create_task(self.memory.watch(pid, self._plan.sample_every_s))
        beside += [self._acks.watch(), self._watch_queue()]
        tasks = [asyncio.create_task(each) for each in beside]
        try:
            self._story(RATE)
            self._troubles.begin()
            raised = await self._raise_all()
            watching.cancel()  # what follows is no load to hold memory against
            await self._troubles.end()
            waited = await asyncio.gather(*raised, return_exceptions=True)
            self._story(RATE_AT_END)
            await self._chains_end(tasks)
            self._story(0)
            await settled(self._region)
            await asyncio.sleep(LOOK_EVERY_S * 3)  # phones on Matrix read what is there
        finally:
            for task in (watching, *tasks):
                task.cancel()
            await asyncio.gather(watching, *tasks, return_exceptions=True)
        self._acks.look()
        ledger = await account(self._region, self._plan.alarms, self.called, operator)
        ledger.faults += self._acks.undone
        ledger.impatient = sum(isinstance(each, AssertionError) for each in waited)
        ledger.faults += [
            repr(each)
            for each in waited
            if not isinstance(each, AssertionError) and each is not None
        ]
        if self._region.victim.deaths:
            ledger.faults.append("the bot died")
        return ledger

    async def _raise_all(self) -> list[asyncio.Task[None]]:
        """One alarm after another, each by somebody else; they are not waited for."""
        begun, plan = monotonic(), self._plan
        raised = []
        for number, (key, way) in enumerate(zip(plan.reporters, cycle(WAYS), strict=False)):
            swing = self._random.uniform(0, 60 / plan.rate)
            await asyncio.sleep(max(0.0, begun + number * 60 / plan.rate + swing - monotonic()))
            raised.append(asyncio.create_task(way(self._region.people[key])))
        await asyncio.sleep(max(0.0, begun + plan.minutes * 60 - monotonic()))
        return raised

    async def _chains_end(self, tasks: list[asyncio.Task[None]]) -> None:
        """Each by a yes or by a notice."""
        async with asyncio.timeout(HANG_S):
            while rows(self._region.settings, _OPEN)[0][0]:
                await asyncio.sleep(LOOK_EVERY_S)
                for task in tasks:
                    if task.done():
                        task.result()

    async def _watch_queue(self) -> None:
        """Until cancelled. Tells how it goes meanwhile."""
        begun = monotonic()
        while True:
            waiting = dict(rows(self._region.settings, _WAITING))
            self.most_waiting = max(self.most_waiting, sum(waiting.values()))
            at, raised = monotonic() - begun, len(self._region.telegram.updates.taken)
            sys.stderr.write(f"{at:.0f} s: {raised} updates, waiting by lane {waiting}\n")
            await asyncio.sleep(self._plan.sample_every_s)

    def _story(self, rate: float) -> None:
        path = self._region.settings.story_clock
        assert path is not None
        write_story(path, StoryClock(path).now(), rate)


async def soak(plan: Plan, folder: Path) -> Outcome:
    """A whole run, with servers of its own."""
    async with Synapse.temporary() as synapse, _database(plan.database) as server:
        address = None if server is None else server.url(await server.fresh())
        program = "tests.soak.slow_disk" if server is None else "main"
        async with a_region(
            synapse, folder, plan.reporters, address=address, program=program, more=write_crew
        ) as region:
            disk: Disk = PostgresDisk(server) if server else _disk_of(region, folder)
            troubles = Troubles(region.telegram, synapse, disk, plan.seed, plan.pace)
            async with _phones(synapse, region, plan.seed) as (contacts, operator):
                begun, story = monotonic(), _story_now(region)
                one = Soak(region, plan, troubles, contacts)
                ledger = await one.run(operator)
                told = complaints(region.victims)
                ledger.faults += impossible(told)
                return Outcome(
                    plan, ledger, one.memory, troubles.came, troubles.met, told,
                    _heard(operator), disk.emulated, one.most_waiting, monotonic() - begun,
                    (_story_now(region) - story) / 60_000,
                )  # fmt: skip


@asynccontextmanager
async def _database(which: Database) -> AsyncIterator[Postgres | None]:
    if which is Database.SQLITE:
        yield None
        return
    async with Postgres.temporary(safe=True) as server:
        yield server


@asynccontextmanager
async def _phones(
    synapse: Synapse, region: Region, seed: int
) -> AsyncIterator[tuple[list[OnMatrix], OnMatrix]]:
    """Of the contact points, and of the operator; each has its direct chat with the bot."""
    bot = region.user_id("kortelijn")
    found = []
    try:
        for number, key in enumerate((*CONTACT_POINTS, OPERATOR)):
            phone = Phone(synapse.base_url, region.user_id(key), PASSWORD, bot=bot)
            found.append(OnMatrix(key, phone, seed + 100 + number))
            await phone.sign_in()
            await phone.sees(lambda phone=phone: phone.direct_rooms or None, "a direct chat")  # type: ignore[misc]
        yield found[:-1], found[-1]
    finally:
        for each in found:
            await each.phone.close()


def _disk_of(region: Region, folder: Path) -> SqliteDisk:
    return SqliteDisk(folder, region.settings.data_dir / "kortelijn.sqlite3")


def _story_now(region: Region) -> int:
    assert region.settings.story_clock is not None
    return StoryClock(region.settings.story_clock).now()


def _heard(operator: OnMatrix) -> Counter[str]:
    """Without times and numbers."""
    plain: Callable[[str], str] = lambda text: " ".join(  # noqa: E731
        word for word in text.split("\n")[0].split() if not any(sign.isdigit() for sign in word)
    )
    mine = [seen for seen in operator.phone.messages if seen.sender == operator.phone.bot]
    return Counter(plain(version) for seen in mine for version in seen.versions)
