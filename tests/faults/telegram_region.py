"""The whole program on a Telegram over the wire, with people who have nothing but that; Matrix is
in memory and always there. The clock of the story stands still until it is moved.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.app import App
from bot.channels.telegram.calls import Patience
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.line import TelegramAccount
from bot.clock import WallClock, write_story
from bot.onboarding import Onboarding
from commands.rules.moments import AMSTERDAM
from config.load import load
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage import timers
from storage.access_log import verify
from tests.faults.memory_matrix import MemoryMatrix, Said
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person
from tests.kit.telegram.region import BOT, join_telegram, payload_in
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram
from tests.stories.stage import amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
HANG_S = 60.0  # real seconds; guards against hanging only
ON_TELEGRAM = ("politie_cvd1", "om_ovj1")  # on duty at this hour
LINE = "alarm skm spoed Centrum letsel past niet bij uitleg"
PATIENCE = Patience(call_s=1.0, connect_s=1.0, connection_s=1.0, poll_s=2, spare_s=1.0)


class BesideMatrix(App):
    """The program, with the other messenger in memory and less patience with this one."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.matrix = MemoryMatrix()
        token = self.configuration.secrets.telegram_token
        assert token is not None
        account = TelegramAccount(token, self.settings.telegram_api, PATIENCE)
        self.channel = self.matrix
        self.messengers = [self.matrix, TelegramChannel(account, WallClock().now)]
        self.channels.update({each.name: each for each in self.messengers})
        self.onboarding = Onboarding(self.store, self.world, self.matrix)


class TelegramRegion:
    """The fictional region. `ON_TELEGRAM` have nothing else, and are there once `enrolled`."""

    def __init__(self, folder: Path, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self.matrix = MemoryMatrix()
        self.now = FRIDAY
        self._story = folder / "story"
        self.settings = Settings(
            config_dir=folder / "kortelijn",
            health_port=0,
            story_clock=self._story,
            telegram_api=telegram.url,
        )
        self.app: BesideMatrix | None = None
        self.group: Group | None = None  # the region's group on Telegram

    def prepare(self) -> None:
        """The folder, as somebody wrote it once."""
        folder, secrets = self.settings.config_dir, self.settings.secrets_dir
        scaffold(folder, secrets, demo_region("http://127.0.0.1:9", "lagedijk.example"), "x")
        join_telegram(folder, secrets, self.telegram.token, ON_TELEGRAM)
        if self.group is not None:
            with (folder / "region.toml").open("a") as region:
                region.write(f'group = "{self.group.id}"\n')
        self._tell_time()

    @property
    def running(self) -> BesideMatrix:
        assert self.app is not None
        return self.app

    async def starts(self) -> None:
        """Start the program, or start it again on its own folder."""
        matrix = self.matrix if self.app is None else self.app.matrix
        self.app = BesideMatrix(self.settings, load(self.settings), headline_every_ms=0)
        self.app.matrix.__dict__ = matrix.__dict__  # the same server
        self.matrix = self.app.matrix
        await self.app.start()

    async def stops(self) -> None:
        await self.running.stop()

    # people

    def says(self, key: str, text: str) -> None:
        """Somebody writes to the bot on Matrix."""
        self.matrix.happens("text", self.direct(key), self.address(key), text)

    def taps(self, key: str, fragment: str, emoji: str) -> None:
        """Somebody presses a button on Matrix."""
        seen = self.shown(key, fragment)[-1]
        room, sender = self.direct(key), self.address(key)
        self.matrix.happens("tap", room, sender, emoji, seen.event_id)

    def address(self, key: str) -> str:
        return f"@{key}:lagedijk.example"

    def direct(self, key: str) -> str:
        return f"!{self.address(key)}"

    def shown(self, key: str, fragment: str) -> list[Said]:
        """What stands in somebody's chat on Matrix, oldest first."""
        room = self.direct(key)
        return [each for each in self.matrix.said if each.room == room and fragment in each.text]

    async def link_for(self, label: str, maker: str) -> str:
        """The token of a fresh invitation."""
        self.says(maker, f"uitnodigen {label}")
        await self.quiet()
        return payload_in(self.shown(maker, "Geef deze link zelf.")[-1].text)

    async def enrolled(self, key: str, maker: str) -> Person:
        """Somebody comes in by an invitation of this contact point."""
        label = self.running.configuration.people[key].label
        phone = self.telegram.person(key)
        await phone.starts(payload=await self.link_for(label, maker))
        await self.quiet()
        phone.ignore_so_far()
        return phone

    async def alarm(self) -> None:
        """The front office raises one on Matrix; everybody is called."""
        self.says("vt_fo", LINE)
        await self.quiet()
        self.taps("vt_fo", "Er is nog niets verstuurd", "1️⃣")

    # time

    async def later(self, **length: float) -> None:
        """Let the story's clock go on; all that is due happens."""
        end = self.now + timedelta(**length)
        while True:
            await self.quiet()
            async with self.running.store.view() as unit:
                due = await timers.next_due(unit)
            if due is None or due > int(end.timestamp() * 1000):
                break
            self.now = max(self.now, datetime.fromtimestamp(due / 1000, AMSTERDAM))
            self._tell_time()
        self.now = end
        self._tell_time()
        await self.quiet()

    def _tell_time(self) -> None:
        write_story(self._story, int(self.now.timestamp() * 1000), 0)

    async def quiet(self) -> None:
        """Everything that happened has been dealt with and is on every phone."""
        async with asyncio.timeout(HANG_S):
            while not await self._is_quiet():
                await asyncio.sleep(0.01)

    async def _is_quiet(self) -> bool:
        cursor = await self.running.inbox.cursor(self.matrix)
        return (
            not self.telegram.updates.pending
            and int(cursor or 0) == len(self.matrix._news)
            and (await self.running.health()).quiet
        )

    async def rows(self, table: type[Any], *clauses: Any) -> Sequence[Any]:
        """Rows of the database."""
        async with self.running.store.view() as unit:
            found = await unit.session.exec(select(table).where(*clauses).order_by("id"))
            return list(found.all())


def pages(phone: Person) -> list[TelegramSeen]:
    """The calls on this phone, oldest first."""
    return [seen for seen in phone.messages if "🔴 Alarm" in seen.text]


@asynccontextmanager
async def telegram_region(folder: Path, *, group: bool = False) -> AsyncIterator[TelegramRegion]:
    """A quiet Friday afternoon, and the program runs. At the end the log of access is whole, and
    what passed fits the description of the Bot API."""
    async with FakeTelegram() as telegram:
        telegram.bot["username"] = BOT
        region = TelegramRegion(folder, telegram)
        if group:
            region.group = telegram.group("Lage Dijk")
        region.prepare()
        await region.starts()
        try:
            await region.quiet()
            await region.later(seconds=15)  # everybody is welcomed
            yield region
            async with region.running.store.view() as unit:
                assert (await verify(unit)).broken_at is None
        finally:
            await region.stops()
