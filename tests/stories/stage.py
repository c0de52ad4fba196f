"""A region on a real homeserver with a clock that only moves when the story says so.

`stage.at("15:44")` moves story time there, firing every timer at its own instant on the way;
`stage.quiet()` means: the bot has received everything, nothing waits inside it, and every
phone has synced past that. Only then "nothing unexpected" can fail.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from bot.app import App
from bot.clock import write_story
from commands.rules.moments import AMSTERDAM
from config.load import load
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage import timers
from storage.tables import InboxRow
from tests.kit.expect import nothing_unexpected
from tests.kit.phone import Phone
from tests.kit.synapse import Synapse

PASSWORD = "een wachtwoord van niemand"
HANG_S = 60.0
_numbers = itertools.count(1)


class Stage:
    """The bot in this process, the staff's phones, and story time."""

    def __init__(self, synapse: Synapse, folder: Path, begins: datetime) -> None:
        self.synapse = synapse
        self.number = next(_numbers)
        self.phones: dict[str, Phone] = {}
        self.now = begins
        self._folder = folder
        self._clock = folder / "story"
        self.settings = Settings(
            config_dir=folder / "kortelijn", health_port=0, story_clock=self._clock
        )
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

    def __getitem__(self, key: str) -> Phone:
        return self.phones[key]

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
            user = await self.synapse.register(f"{key}-{self.number}", PASSWORD)
            phone = Phone(self.synapse.base_url, user, PASSWORD, bot=self.bot_id, signed=signed)
            self.phones[key] = phone
            await phone.sign_in()

    async def start_bot(self) -> None:
        """Start (or start again) the program on its own folder."""
        self.app = App(self.settings, load(self.settings), headline_every_ms=0)
        await self.app.start()

    async def stop_bot(self) -> None:
        """Stop it as SIGTERM does."""
        if self.app is not None:
            await self.app.stop()
        self.app = None

    async def enrol(self) -> None:
        """Everybody is in their direct chat; what was said until now is not the story."""
        await self.quiet()
        self.now += timedelta(seconds=10)  # the welcome waits until clients know our devices
        self._write()
        await self.quiet()
        for phone in self.phones.values():
            assert phone.direct_room
            phone.ignore_so_far()

    async def at(self, clock: str) -> None:
        """Move to the next time that the clock on the wall shows this."""
        hour, minute = (int(part) for part in clock.split(":"))
        wall = self.now.replace(hour=hour, minute=minute)
        if wall < self.now:
            wall += timedelta(days=1)
        await self.quiet()
        while True:
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

    async def quiet(self) -> None:
        """Everything that happened has been dealt with and is on every phone."""
        async with asyncio.timeout(HANG_S):
            while True:
                await self._bot_knows_everything()
                while not (await self.running.health()).quiet:
                    await asyncio.sleep(0.01)
                before = await self._inbox_length()
                for phone in self.phones.values():
                    await phone.settle()
                await self._bot_knows_everything()
                if await self._inbox_length() == before + 1 and (await self.running.health()).quiet:
                    return

    async def _bot_knows_everything(self) -> None:
        """Somebody reacts to nothing in their own chat; once the bot has that, it has all."""
        phone = next(iter(self.phones.values()))
        if not phone.direct_rooms:
            await phone.settle()
            if not phone.direct_rooms:
                await asyncio.sleep(0.1)
                return
        marker = await phone.marks(phone.direct_room)
        while True:
            async with self.running.store.view() as unit:
                found = await unit.session.exec(
                    select(InboxRow.state).where(InboxRow.update_id == marker)
                )
                if found.first() == "done":
                    return
            await asyncio.sleep(0.01)

    async def _inbox_length(self) -> int:
        async with self.running.store.view() as unit:
            return len((await unit.session.exec(select(InboxRow.id))).all())

    def _write(self) -> None:
        write_story(self._clock, int(self.now.timestamp() * 1000), 0)

    async def close(self) -> None:
        """Stop everything that this stage started."""
        await self.stop_bot()
        for phone in self.phones.values():
            await phone.close()


@asynccontextmanager
async def a_stage(
    synapse: Synapse, folder: Path, begins: datetime, phones: Iterable[str]
) -> AsyncIterator[Stage]:
    """A region at work. At the end every message must have been expected by its reader."""
    stage = Stage(synapse, folder, begins)
    try:
        await stage.prepare()
        await stage.sign_in(*phones)
        await stage.start_bot()
        await stage.enrol()
        yield stage
        await stage.quiet()
        await nothing_unexpected(stage.phones.values())
    finally:
        await stage.close()


def amsterdam(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment on the wall in Amsterdam."""
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)
