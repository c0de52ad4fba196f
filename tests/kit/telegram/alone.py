"""A Telegram in a process of its own, whose people are told what to do line by line.

    python -m tests.kit.telegram.alone

For measuring: what its server needs is not taken from the loop of whoever is measured, and nothing
is held against the description (`unjudged`). Orders and answers are JSON, a line each, on standard
input and output; the first answer tells where it is and the bot's token.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

from tests.kit.telegram.faults import Slow
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person
from tests.kit.telegram.refusal import Json
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram

HANG_S = 30.0


class Alone:
    """Every public method is an order."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram
        self._people: dict[str, Person] = {}
        self._groups: list[Group] = []

    async def name(self, bot: str) -> None:
        """What the bot is called."""
        self._telegram.bot["username"] = bot

    async def people(self, names: list[str]) -> dict[str, int]:
        """People who have pressed Start, long ago: the bot is not told. Their chats' numbers."""
        for name in names:
            self._people[name] = person = self._telegram.person(name)
            person.started = True
        return {name: self._people[name].id for name in names}

    async def group(self, title: str, names: list[str]) -> int:
        """A group with the bot in it; its number."""
        group = self._telegram.group(title, *(self._people[name] for name in names))
        self._groups.append(group)
        return group.id

    async def write(self, name: str, text: str, times: int = 1) -> None:
        """Write to the bot, so many times in the same moment."""
        for _ in range(times):
            await self._people[name].writes(text)

    async def asked(self, name: str, label: str) -> Json:
        """Wait for a message with this button: its text and all its buttons."""
        seen = await self._find(name, lambda seen: _has(seen, label), f"a button {label!r}")
        return {"text": seen.text, "buttons": seen.buttons}

    async def press(self, names: list[str], label: str) -> list[str]:
        """All of them press this button on their newest message with it, in the same moment.
        The queries' ids."""
        presses = []
        for name in names:
            seen = await self._find(name, lambda seen: _has(seen, label), f"a button {label!r}")
            presses.append((await self._people[name].taps(seen, label)).id)
        return presses

    async def hold(self, method: str, delay_s: float) -> None:
        """From now on requests of this method are answered so much later; 0: at once again."""
        self._telegram.faults.clear()
        if delay_s:
            self._telegram.faults.always(method, Slow(delay_s))

    async def busiest(self, span_s: float) -> int:
        """The most requests within a span that count for Telegram's limits, since `forget`."""
        return self._telegram.log.busiest(span_s)

    async def forget(self) -> None:
        """Begin a fresh list of requests."""
        self._telegram.log.clear()

    async def _find(
        self, name: str, fits: Callable[[TelegramSeen], bool], what: str
    ) -> TelegramSeen:
        person = self._people[name]
        try:
            async with asyncio.timeout(HANG_S):
                while not (found := [seen for seen in person.messages if fits(seen)]):
                    await person.news(HANG_S)
        except TimeoutError:
            raise AssertionError(f"{name} waited for {what}") from None
        return found[-1]


def _has(seen: TelegramSeen, label: str) -> bool:
    return any(label in button for button in seen.buttons)


async def _obey() -> None:
    orders = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(orders)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    async with FakeTelegram(judged=False) as telegram:
        alone = Alone(telegram)
        _tell({"url": telegram.url, "token": telegram.token})
        while line := await orders.readline():
            order = json.loads(line)
            _tell(await getattr(alone, order.pop("do"))(**order))


def _tell(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(_obey())
