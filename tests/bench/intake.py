"""From a message's arrival to its committed reply, in this process on a database file.

The loops are the program's own (inbox, commands, dispatcher, storage); only the messenger is
a script that hands over one update after the other and takes every delivery at once.
"""

import asyncio
import contextlib
import gc
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter

from bot.app import store_of
from bot.channels.base import (
    Accepted,
    Batch,
    Buttons,
    Delivery,
    OpenRoom,
    Readiness,
    Receipt,
    Say,
    Update,
)
from bot.clock import WallClock
from bot.dispatcher import Dispatcher
from bot.inbox import Inbox
from bot.kill_points import KillPoint, KillPoints
from bot.metrics import Metrics
from bot.onboarding import Onboarding
from bot.operator_lines import OperatorLines
from bot.running import leave_alone_what_stays
from commands.seed import seed_people, seed_roster
from commands.world import World
from config.load import load
from config.settings import Settings
from storage.schema import migrate
from tests.bench.figure import Samples, milliseconds
from tests.bench.folder import configure

CHORES = ("dienst", "hulp", "stand", "dienst", "goedemorgen")  # what people type most, and noise
ALARM_EVERY = 20  # messages
URGENT = "1️⃣"


class Marks(KillPoints):
    """Notes when the program passes the places at which a test would kill it."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: dict[KillPoint, asyncio.Event] = defaultdict(asyncio.Event)
        self.at: dict[KillPoint, float] = {}

    def reach(self, point: KillPoint) -> None:
        self.at[point] = perf_counter()
        self.passed[point].set()


class Script:
    """A messenger without a server."""

    name = "matrix"
    one_receiver = False

    def __init__(self) -> None:
        self.given_at = 0.0
        self.rooms: dict[str, str] = {}  # user -> direct room
        self.asked: dict[str, tuple[str, tuple[str, ...]]] = {}  # room -> (message, buttons)
        self._next: asyncio.Queue[Update] = asyncio.Queue()
        self._ids = count(1)

    def say(self, user: str, text: str) -> None:
        self._hand_over(Update(self._id(), "text", self.rooms[user], user, _now(), text))

    def tap(self, user: str, emoji: str) -> None:
        """Press a button of the last message with buttons in the user's direct chat."""
        room = self.rooms[user]
        about, _ = self.asked[room]
        self._hand_over(Update(self._id(), "tap", room, user, _now(), emoji, about))

    async def start(self, cursor: str | None) -> None: ...

    async def stop(self) -> None: ...

    async def check(self) -> Sequence[Readiness]:
        return ()

    async def unsigned_devices(self, user: str) -> Sequence[str]:
        return ()

    async def receive(self, cursor: str | None) -> Batch:
        update = await self._next.get()
        self.given_at = perf_counter()
        return Batch((update,), update.update_id)

    async def send(self, delivery: Delivery) -> Receipt:
        await asyncio.sleep(0)
        match delivery:
            case OpenRoom(invite=users, direct=direct):
                room = f"!{self._id()}"
                if direct:
                    self.rooms[users[0]] = room
                return Accepted((room,))
            case Buttons(room=room, about=about, emoji=emoji):
                self.asked[room] = (about, emoji)
                return Accepted(tuple(self._id() for _ in emoji))
            case Say():
                return Accepted((self._id(),))
        return Accepted(())

    def _hand_over(self, update: Update) -> None:
        self._next.put_nowait(update)

    def _id(self) -> str:
        return f"${next(self._ids)}"


def _now() -> int:
    return WallClock().now()


class Intake:
    """The bot's loops around the script."""

    def __init__(self, marks: Marks, script: Script) -> None:
        self._marks = marks
        self._script = script

    async def message(self, user: str, text: str) -> tuple[float, float]:
        """Seconds until committed, and until the reply was queued."""
        return await self._pass(lambda: self._script.say(user, text))

    async def confirmation(self, user: str) -> tuple[float, float]:
        """The same for the tap that sends the alarm that this user typed before."""
        while self._script.asked.get(self._script.rooms[user], ("", ()))[1][:1] != (URGENT,):
            await asyncio.sleep(0.001)
        return await self._pass(lambda: self._script.tap(user, URGENT))

    async def _pass(self, hand_over: Callable[[], None]) -> tuple[float, float]:
        for event in self._marks.passed.values():
            event.clear()
        hand_over()
        await self._marks.passed[KillPoint.DONE].wait()
        begun, at = self._script.given_at, self._marks.at
        return at[KillPoint.KEPT] - begun, at[KillPoint.DONE] - begun


@asynccontextmanager
async def an_intake(folder: Path, melders: Sequence[str]) -> AsyncIterator[tuple[Intake, str]]:
    """The loops on a fresh database with everybody in; and the server name of the users."""
    server = "lage-dijk.example"
    config_dir = configure(folder, "http://127.0.0.1:9", server, melders)
    settings = Settings(config_dir=config_dir)
    configuration = load(settings)
    clock, marks, metrics, script = WallClock(), Marks(), Metrics(), Script()
    store = store_of(settings, configuration, clock)
    world = World(configuration.region, configuration.protocols)
    await migrate(store.engine)
    async with store.unit() as unit:
        await seed_people(unit, configuration.people)
        await seed_roster(unit, configuration.roster)
    operators = OperatorLines(store, metrics)
    dispatcher = Dispatcher(store, world, {"matrix": script}, marks, metrics, operators)
    inbox = Inbox(store, world, clock, marks, metrics, operators, dispatcher.calm)
    await Onboarding(store, world, script).bring_everybody()
    loops = [
        asyncio.create_task(work)
        for work in (
            inbox.work_for_ever(),
            inbox.receive_for_ever(script),
            dispatcher.dispatch_for_ever(),
        )
    ]
    try:
        async with asyncio.timeout(60):
            while len(script.rooms) < len(configuration.people):
                await asyncio.sleep(0.01)
        with _as_when_running():
            yield Intake(marks, script), server
    finally:
        for task in loops:
            task.cancel()
        for task in loops:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await dispatcher.finish(5.0)
        await store.close()


@contextlib.contextmanager
def _as_when_running() -> Iterator[None]:
    """The program tells Python's garbage collector what to leave alone once it is ready."""
    before = gc.get_threshold()
    leave_alone_what_stays()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@dataclass(frozen=True)
class Taken:
    """Milliseconds from handing over: of all messages, and of confirmed alarms alone."""

    committed: Samples
    queued: Samples
    alarm: Samples


async def measure(folder: Path, messages: int) -> Taken:
    """Chores and, now and then, an alarm line and its confirmation."""
    alarms = messages // ALARM_EVERY
    melders = [f"vt_fo{number}" for number in range(max(1, alarms))]
    committed: list[float] = []
    queued: list[float] = []
    confirmed: list[float] = []
    async with an_intake(folder, melders) as (intake, server):
        for number in range(messages):
            user = f"@{melders[number // ALARM_EVERY % len(melders)]}:{server}"
            step = number % ALARM_EVERY
            if step == ALARM_EVERY - 2:
                kept, done = await intake.message(user, "alarm skm spoed Centrum")
            elif step == ALARM_EVERY - 1:
                kept, done = await intake.confirmation(user)
                confirmed.append(done)
            else:
                kept, done = await intake.message(user, CHORES[number % len(CHORES)])
            committed.append(kept)
            queued.append(done)
    return Taken(milliseconds(committed), milliseconds(queued), milliseconds(confirmed))
