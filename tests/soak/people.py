"""Who is called, and what they do with a page: take it, say no, or nothing. At random."""

import asyncio
import random
from abc import ABC, abstractmethod
from contextlib import suppress

import aiohttp

from tests.crash import doings
from tests.kit.device import PhoneFailed
from tests.kit.phone import Phone
from tests.kit.seen import Seen
from tests.kit.telegram.person import Person

TAKES, DECLINES = 0.62, 0.18  # of all pages; the others get no answer
THINKS_S = (0.3, 8.0)
DECLINE = "Kan niet"
YES, NO = "✅", "❌"
AGAIN_S = 1.0  # a phone whose server is away tries again


class Called(ABC):
    """One person with their pages. `taken` and `declined` are references, as they pressed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._answering: dict[str, asyncio.Task[None]] = {}
        self.taken: set[str] = set()
        self.declined: set[str] = set()

    @property
    @abstractmethod
    def key(self) -> str: ...

    @abstractmethod
    async def news(self) -> None:
        """Wait a moment for something to come."""

    @abstractmethod
    def pages(self) -> dict[str, list[Seen]]:
        """On this phone, by reference; more than one where it was repeated."""

    @abstractmethod
    async def press(self, page: Seen, *, yes: bool) -> None: ...

    async def for_ever(self) -> None:
        """Answer each page once, or not at all. Raises what an answer raised."""
        while True:
            await self.news()
            for reference, copies in self.pages().items():
                if reference not in self._answering:
                    answer = self._answer(reference, copies)
                    self._answering[reference] = asyncio.create_task(answer)
            for task in self._answering.values():
                if task.done():
                    task.result()

    async def _answer(self, reference: str, copies: list[Seen]) -> None:
        """Of several copies they press any."""
        draw, which = self._random.random(), self._random.randrange(10)
        await asyncio.sleep(self._random.uniform(*THINKS_S))
        if draw > TAKES + DECLINES:
            return
        yes = draw < TAKES
        standing = [copy for copy in copies if not copy.redacted]
        if not standing:
            return
        (self.taken if yes else self.declined).add(reference)
        await self.press(standing[which % len(standing)], yes=yes)


class OnTelegram(Called):
    def __init__(self, phone: Person, seed: int) -> None:
        super().__init__(seed)
        self._phone = phone

    @property
    def key(self) -> str:
        return self._phone.name

    async def news(self) -> None:
        await self._phone.news(0.5)

    def pages(self) -> dict[str, list[Seen]]:
        return {ref: list(copies) for ref, copies in doings.pages(self._phone).items()}

    async def press(self, page: Seen, *, yes: bool) -> None:
        """What stands there now, or stood there when they read it."""
        shown = self._phone.screen.find(*map(int, page.event_id.split(":")))
        assert shown is not None
        await self._phone.taps(shown, doings.TAKE if yes else DECLINE, stale=True)


class OnMatrix(Called):
    """Reads by hand, so that a homeserver that is away is no end of the phone."""

    def __init__(self, key: str, phone: Phone, seed: int) -> None:
        super().__init__(seed)
        self._key = key
        self.phone = phone

    @property
    def key(self) -> str:
        return self._key

    async def news(self) -> None:
        try:
            await self.phone.news(2)
        except (PhoneFailed, aiohttp.ClientError, TimeoutError):
            await asyncio.sleep(AGAIN_S)

    def pages(self) -> dict[str, list[Seen]]:
        found: dict[str, list[Seen]] = {}
        for seen in self.phone.messages:
            if seen.sender == self.phone.bot and seen.versions[0].startswith(doings.PAGE):
                found.setdefault(seen.versions[0].split()[2], []).append(seen)
        return found

    async def press(self, page: Seen, *, yes: bool) -> None:
        while True:
            with suppress(PhoneFailed, aiohttp.ClientError, TimeoutError):
                await self.phone.taps(page, YES if yes else NO)
                return
            await asyncio.sleep(AGAIN_S)
