"""A region on a real homeserver with a clock that only moves when the story says so.

`stage.at("15:44")` moves story time there, firing every timer at its own instant on the way.
Nobody needs to wait for anything: before a phone looks, the stage is quiet, and that means
the bot has received everything, nothing waits inside it, and every phone has synced past that.
Only then "nothing unexpected" can fail.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import bindparam, exists
from sqlmodel import col, select

from bot.app import App
from bot.channels.telegram.limits import Limiter
from bot.clock import write_story
from commands.rules.moments import AMSTERDAM
from config.load import load
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage import timers
from storage.tables import Case, InboxRow, OutboxRow
from tests.kit.expect import nothing_unexpected
from tests.kit.synapse import Synapse
from tests.stories.colleague import Colleague
from tests.stories.player import Player
from tests.stories.together import Together

PASSWORD = "een wachtwoord van niemand"
HANG_S = 60.0  # real seconds; guards against hanging only
AnyStage = TypeVar("AnyStage", bound="Stage")
OPERATOR = "beheerder"  # always there: hears when something is broken, and is never called
LOOK_EVERY_S = 0.02
_numbers = itertools.count(1)
_STANDS = select(
    exists().where(col(InboxRow.update_id) == bindparam("marker")),
    exists().where(col(InboxRow.state) == "new")
    | exists().where(col(OutboxRow.state).in_(("pending", "sending"))),
)


class Stage:
    """The bot in this process, the staff's phones, and story time."""

    limiter: Limiter | None = None  # of the bot's Telegram, where it has one

    def __init__(self, synapse: Synapse, folder: Path, begins: datetime) -> None:
        self.synapse = synapse
        self.number = next(_numbers)
        self.phones: dict[str, Colleague] = {}
        self.now = begins
        self._folder = folder
        self._clock = folder / "story"
        self._stirred = True
        self.settings = Settings(
            config_dir=folder / "kortelijn", health_port=0, story_clock=self._clock
        )
        self.trouble = False  # phones look by themselves: the bot cannot become quiet
        self.app: App | None = None
        self._write()

    @property
    def running(self) -> App:
        """The bot. Fails if it is not running."""
        assert self.app is not None, "the bot is not running"
        return self.app

    @property
    def bot_id(self) -> str:
        """The bot's user id."""
        return self.user_id("kortelijn")

    def user_id(self, key: str) -> str:
        """Everybody has a number behind the name, so that one server serves many stories."""
        return self.synapse.user_id(f"{key}-{self.number}")

    def __getitem__(self, key: str) -> Colleague:
        return self.phones[key]

    def together(self, *keys: str) -> Together[Colleague]:
        """These people, or everybody, on Matrix."""
        return Together(self.phones[key] for key in keys or self.phones)

    def person(self, key: str) -> Player:
        """Somebody with the messenger that they have in this casting."""
        return self.phones[key]

    def people(self, *keys: str) -> Together[Player]:
        """These people, or everybody, each with their own messenger."""
        return Together(self.person(key) for key in keys or self.cast)

    @property
    def cast(self) -> tuple[str, ...]:
        """Everybody who plays, by key."""
        return tuple(self.phones)

    async def case_room(self) -> str:
        """The room of the newest case."""
        async with self.running.store.view() as unit:
            found = await unit.session.exec(select(Case.room).order_by(col(Case.id).desc()))
            room = found.first()
        assert room is not None, "the newest case has no room"
        return room

    # preparing

    async def prepare(self) -> None:
        """Accounts and configuration of the fictional region."""
        server = self.bot_id.partition(":")[2]
        blueprint = demo_region(self.synapse.base_url, server)
        scaffold(self.settings.config_dir, self.settings.secrets_dir, blueprint, PASSWORD)
        for name in ("people.toml", "region.toml"):
            path = self.settings.config_dir / name
            text = path.read_text().replace(f":{server}", f"-{self.number}:{server}")
            path.write_text(text)
        await self.synapse.register(f"kortelijn-{self.number}", PASSWORD)

    async def sign_in(self, *keys: str, signed: bool = True) -> None:
        """Phones of these people; they accept the bot's invitations by themselves."""
        for key in keys:
            address, user = self.synapse.base_url, self.user_id(key)
            self.phones[key] = Colleague(
                self, address, user, PASSWORD, bot=self.bot_id, signed=signed
            )
        await asyncio.gather(*(self._sign_in(key) for key in keys))

    async def _sign_in(self, key: str) -> None:
        await self.synapse.register(f"{key}-{self.number}", PASSWORD)
        await self.phones[key].sign_in()

    async def start_bot(self) -> None:
        """Start (or start again) the program on its own folder."""
        self.app = App(
            self.settings,
            load(self.settings),
            headline_every_ms=0,
            told_after_s=0.3,
            limiter=self.limiter,
        )
        await self.app.start()
        self.stir()

    async def stop_bot(self) -> None:
        """Stop it as SIGTERM does."""
        if self.app is not None:
            await self.app.stop()
        self.app = None

    async def arrive(self) -> None:
        """Everybody is in their direct chat and was welcomed there."""
        await self.quiet()
        self.now += timedelta(seconds=10)  # the welcome waits until clients know our devices
        self._write()
        await self.quiet()
        for phone in self.phones.values():
            assert phone.direct_room

    def ends_prologue(self) -> None:
        """What came until now is not the story."""
        for phone in self.phones.values():
            phone.ends_prologue()

    # time

    async def at(self, clock: str) -> None:
        """Move to the next time that the clock on the wall shows this."""
        hour, minute = (int(part) for part in clock.split(":"))
        wall = self.now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if wall < self.now:
            wall += timedelta(days=1)
        await self.quiet()
        while self.app is not None:
            async with self.running.store.view() as unit:
                due = await timers.next_due(unit)
            if due is None or due >= int(wall.timestamp() * 1000):
                break
            self.now = datetime.fromtimestamp(due / 1000, AMSTERDAM)
            self._write()
            await self.quiet()
        self.now = wall
        self._write()
        await self.quiet()

    def _write(self) -> None:
        write_story(self._clock, int(self.now.timestamp() * 1000), 0)
        self.stir()

    # quiet

    @property
    def sees_all(self) -> bool:
        """While the bot runs in this process, and nothing keeps it from becoming quiet."""
        return self.app is not None and not self.trouble

    def stir(self) -> None:
        """Something happened."""
        self._stirred = True

    async def quiet(self) -> None:
        """Everything that happened has been dealt with and is on every phone."""
        async with asyncio.timeout(HANG_S):
            while self._stirred:
                if self.app is not None:
                    await self._bot_is_quiet(self.app)
                # phones only act by themselves when they are invited
                arrived = await asyncio.gather(*(p.catch_up() for p in self.phones.values()))
                self._stirred = any(arrived)

    async def _bot_is_quiet(self, app: App) -> None:
        """Somebody whom no story calls reacts to nothing; once the bot has that, it has all."""
        marking = self.phones.get(OPERATOR) or next(iter(self.phones.values()))
        marker = await marking.marks(marking.direct_room) if marking.direct_rooms else None
        while not await self._has_done(app, marker) or not (await app.health()).quiet:
            await asyncio.sleep(LOOK_EVERY_S)

    async def _has_done(self, app: App, marker: str | None) -> bool:
        """A cheap look: it got the marker, and neither receives nor sends anything now."""
        async with app.store.view() as unit:
            found = await unit.session.exec(_STANDS, params={"marker": marker})
            came, waits = found.one()
            return bool(came or marker is None) and not waits

    async def ends(self) -> None:
        """The end of a story: nobody got anything that was not expected."""
        await self.quiet()
        await nothing_unexpected(self.phones.values())

    async def close(self) -> None:
        """Stop everything that this stage started."""
        await self.stop_bot()
        for phone in self.phones.values():
            await phone.close()


@asynccontextmanager
async def a_stage(
    synapse: Synapse,
    folder: Path,
    begins: datetime,
    phones: Iterable[str],
    unsigned: Iterable[str] = (),
) -> AsyncIterator[Stage]:
    """A region at work, everybody enrolled, those in `unsigned` with an old client. At the end
    every message must have been expected by its reader."""
    async with at_work(Stage(synapse, folder, ahead_of(begins)), begins, phones, unsigned) as stage:
        yield stage


def ahead_of(begins: datetime) -> datetime:
    """When the stage is set, so that everybody has arrived when the story begins."""
    return begins - timedelta(minutes=1)


@asynccontextmanager
async def at_work(
    stage: AnyStage, begins: datetime, phones: Iterable[str], unsigned: Iterable[str] = ()
) -> AsyncIterator[AnyStage]:
    """The same on a stage of one's own."""
    try:
        await stage.prepare()
        await stage.sign_in(*phones, OPERATOR)
        await stage.sign_in(*unsigned, signed=False)
        await stage.start_bot()
        await stage.arrive()
        await stage.at(f"{begins:%H:%M}")
        stage.ends_prologue()
        yield stage
        await stage.ends()
    finally:
        await stage.close()


def amsterdam(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment on the wall in Amsterdam."""
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)
