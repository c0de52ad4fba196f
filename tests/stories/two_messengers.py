"""The stage with a second messenger: a Telegram that runs here, and people's phones on it.

Nobody there acts by themselves either, so the stage is quiet when the bot has fetched every
update, answered every press and has nothing left to send.
"""

import asyncio
import math
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.app import App
from tests.kit.device import PhoneFailed
from tests.kit.expect import NotSeen, nothing_unexpected
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.kit.telegram.chats import Chat
from tests.kit.telegram.person import Person
from tests.kit.telegram.press import Press
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram
from tests.stories.colleague import Floor
from tests.stories.stage import LOOK_EVERY_S, Stage, ahead_of, at_work

T = TypeVar("T")
BOT = "lagedijk_kortelijn_bot"
_LINK = re.compile(rf"https://t\.me/{BOT}\?start=([\w-]{{22}})$")


class Handset(Person):
    """A Telegram phone that plays in a story, as `Colleague` is a Matrix one."""

    def __init__(self, floor: Floor, world: FakeTelegram, name: str) -> None:
        super().__init__(world, name)
        self._floor = floor

    async def opens_link(self, shown: Seen) -> TelegramSeen:
        """Tap a `t.me` link that somebody was given, and press Start. Returns what that wrote."""
        found = _LINK.search(shown.text)
        if found is None:
            raise PhoneFailed(f"no link of the bot in {shown}")
        await self.settle()
        return await self.starts(payload=found.group(1))

    async def taps(self, message: TelegramSeen, label: str, *, stale: bool = False) -> Press:
        await self.settle()
        self._floor.stir()
        return await super().taps(message, label, stale=stale)

    async def settle(self) -> None:
        await self._floor.quiet()

    async def finds(self, fragment: str, *, loud: bool) -> TelegramSeen:
        """As `expects`, for a message whose buttons will be pressed."""
        seen = await self.expects(fragment, loud=loud)
        assert isinstance(seen, TelegramSeen)
        assert seen.protected, f"{seen} can be forwarded"
        return seen

    def _posts(self, chat: Chat, content: dict[str, object], thread: int | None) -> TelegramSeen:
        self._floor.stir()
        return super()._posts(chat, content, thread)

    async def _until(
        self,
        look: Callable[[], T | None],
        what: str,
        hang_s: float,  # what is not there when all is quiet does not come
        about: Seen | None = None,
    ) -> T:
        await self.settle()
        found = look()
        if found is None:
            raise NotSeen(self._report(what, about))
        return found


class TwoMessengers(Stage):
    """A region with its bot on Matrix and on Telegram. Those in `only_telegram` have no Matrix."""

    def __init__(
        self,
        synapse: Synapse,
        telegram: FakeTelegram,
        folder: Path,
        begins: datetime,
        only_telegram: Iterable[str],
    ) -> None:
        super().__init__(synapse, folder, begins)
        self.telegram = telegram
        self.handsets: dict[str, Handset] = {}
        self._only_telegram = frozenset(only_telegram)
        self.settings = self.settings.model_copy(update={"telegram_api": telegram.url})

    async def prepare(self) -> None:
        await super().prepare()
        folder, secrets = self.settings.config_dir, self.settings.secrets_dir
        with (folder / "region.toml").open("a") as region:
            region.write(f'\n[telegram]\nbot = "{BOT}"\n')
        token = secrets / "telegram.token"
        token.touch(mode=0o600)
        token.write_text(f"{self.telegram.token}\n")
        people = (folder / "people.toml").read_text()
        for key in self._only_telegram:
            people, taken = re.subn(rf'^matrix = "@{key}-.*\n', "", people, flags=re.MULTILINE)
            assert taken == 1, f"{key} is not in people.toml"
        (folder / "people.toml").write_text(people)

    def handset(self, key: str) -> Handset:
        """This person's Telegram phone, on which nothing was started yet."""
        handset = Handset(self, self.telegram, key)
        self.telegram.people[handset.id] = handset
        self.handsets[key] = handset
        return handset

    async def _bot_is_quiet(self, app: App) -> None:
        while self.telegram.updates.pending or not self._all_answered():
            await asyncio.sleep(LOOK_EVERY_S)
        await super()._bot_is_quiet(app)

    def _all_answered(self) -> bool:
        presses = [press for phone in self.handsets.values() for press in phone.presses]
        return all(press.answered.is_set() for press in presses)

    async def ends(self) -> None:
        await self.quiet()
        await nothing_unexpected([*self.phones.values(), *self.handsets.values()])

    def said_on_telegram(self) -> str:
        """Everything that the bot ever sent there, of whatever kind, in small letters."""
        calls = [f"{call.method} {call.parameters}" for call in self.telegram.log]
        return "\n".join(calls).casefold()


@asynccontextmanager
async def two_messengers(
    synapse: Synapse,
    folder: Path,
    begins: datetime,
    phones: Iterable[str],
    only_telegram: Iterable[str],
) -> AsyncIterator[TwoMessengers]:
    """As `a_stage`; nobody is on Telegram yet. What passes there fits the description of the Bot
    API, or leaving fails."""
    async with FakeTelegram(_next_second) as telegram:
        telegram.bot["username"] = BOT
        stage = TwoMessengers(synapse, telegram, folder, ahead_of(begins), only_telegram)
        async with at_work(stage, begins, phones):
            yield stage


def _next_second() -> int:
    """Telegram dates messages in whole seconds; cut off, that would be before the story's clock
    was last moved. From the future nothing comes: the bot takes it as now."""
    return math.ceil(time.time()) * 1000
