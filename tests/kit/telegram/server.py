"""A Telegram to put up in a test: the server, and the people and groups on it."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.kit.telegram.channel import Channel
from tests.kit.telegram.clock import wall_clock
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person
from tests.kit.telegram.webhook import Webhook
from tests.kit.telegram.wire import Wire
from tests.kit.telegram.world import World


class Unclean(AssertionError):
    """Requests or answers did not fit the description of the Bot API."""


class FakeTelegram(World):
    """A Telegram with one bot. `now` is its clock (UTC epoch milliseconds).

    Leaving the context raises `Unclean` when anything did not fit the description; without
    `judged` nothing is held against it.
    """

    def __init__(self, now: Callable[[], int] = wall_clock, *, judged: bool = True) -> None:
        super().__init__(now, judged=judged)
        self._wire = Wire(self)
        self._webhook = Webhook(self)

    @property
    def url(self) -> str:
        """Where the server is, without a slash at the end."""
        return self._wire.url

    @property
    def base_url(self) -> str:
        """What `telegram.Bot(base_url=…)` takes."""
        return f"{self.url}/bot"

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.judge.load)
        await self.comes_back()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.goes_down()
        if kind is None and self.violations:
            raise Unclean("\n".join(["not as the Bot API is described:", *self.violations]))

    async def goes_down(self) -> None:
        """Be gone: hangs and polls are cut, connections refused. What was said is kept."""
        await self._webhook.stop()
        await self._wire.close()

    async def comes_back(self) -> None:
        """Answer again at the same address."""
        await self._wire.open()
        self._webhook.start()

    # who and what there is

    def person(self, name: str, *, language: str = "nl", is_bot: bool = False) -> Person:
        """Somebody with a phone, who has not pressed Start yet; or somebody else's bot."""
        person = Person(self, name, language=language, is_bot=is_bot)
        self.people[person.id] = person
        return person

    def group(self, title: str, *people: Person, bot: str = "member") -> Group:
        """A small group; `bot` is the bot's status there."""
        return Group.made(self, title, people, kind="group", bot=bot)

    def forum(self, title: str, *people: Person, bot: str = "administrator") -> Group:
        """A supergroup with topics."""
        return Group.made(self, title, people, kind="supergroup", bot=bot, is_forum=True)

    def channel(self, title: str) -> Channel:
        """A channel that the bot was put into, or that writes in a group."""
        return Channel(self, title)
