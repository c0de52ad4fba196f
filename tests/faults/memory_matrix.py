"""A Matrix in memory, for tests that break the other messenger: all who are invited come."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import (
    Accepted,
    Batch,
    Buttons,
    Delivery,
    FindUnsigned,
    Invite,
    OpenRoom,
    Readiness,
    Receipt,
    Say,
)
from bot.clock import WallClock
from commands.update import Update, UpdateKind


@dataclass
class Said:
    """A message as it stands in a room."""

    room: str
    event_id: str
    text: str
    loud: bool
    buttons: tuple[str, ...] = ()


class MemoryMatrix:
    """Implements `Messenger`. Direct rooms are named after their person."""

    name = "matrix"
    one_receiver = False

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.rooms: dict[str, str] = {}  # key of the wish → room
        self._news: list[Update] = []
        self._came = asyncio.Event()
        self.answers = asyncio.Event()  # else a login waits
        self.answers.set()
        self._started = False
        self._numbers = itertools.count(1)

    def happens(self, kind: UpdateKind, room: str, sender: str, text: str, about: str = "") -> None:
        """Somebody does something there."""
        number = f"${next(self._numbers)}"
        now = WallClock().now()
        self._news.append(Update(number, kind, room, sender, now, text=text, about=about or None))
        self._came.set()

    async def start(self, cursor: str | None) -> None:
        await self.answers.wait()
        self._started = True

    async def receive(self, cursor: str | None) -> Batch:
        """After a start it tells at once what waited, or that nothing did."""
        known = int(cursor or 0)
        at_once, self._started = self._started, False
        while not at_once and len(self._news) <= known:
            self._came.clear()
            await self._came.wait()
        return Batch(tuple(self._news[known:]), str(len(self._news)))

    async def send(self, delivery: Delivery) -> Receipt:
        fresh = f"${next(self._numbers)}"
        match delivery:
            case OpenRoom(key, name, invite, direct):
                room = self.rooms.setdefault(key, f"!{invite[0] if direct else name}")
                for user in invite:
                    self.happens("joined", room, user, "")
                return Accepted((room,))
            case Invite(room, _, user):
                self.happens("joined", room, user, "")
            case FindUnsigned():
                return Accepted()
            case Say(room, _, text, loud, None):
                self.said.append(Said(room, fresh, text, loud))
            case Say(_, _, text, _, replaces):
                self._find(replaces).text = text
            case Buttons(_, _, about, emoji):
                self._find(about).buttons = emoji
                return Accepted(tuple(f"${next(self._numbers)}" for _ in emoji))
        return Accepted((fresh,))

    def _find(self, event_id: str | None) -> Said:
        return next(each for each in self.said if each.event_id == event_id)

    async def unsigned_devices(self, user: str) -> Sequence[str]:
        return ()

    async def check(self) -> Sequence[Readiness]:
        return ()

    async def stop(self) -> None: ...
