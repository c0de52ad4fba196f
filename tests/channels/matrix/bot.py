"""The channel under test as a test drives it: with a cursor and a state folder of its own."""

import asyncio
import itertools
import time
from collections.abc import Callable
from pathlib import Path

from bot.channels.base import Accepted, Buttons, Delivery, OpenRoom, Say, Update
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.homeserver import Patience
from bot.channels.matrix.session import MatrixAccount
from tests.kit.phone import Phone
from tests.kit.seen import Seen

HANG_S = 60.0
_keys = itertools.count(1)


def wall_clock() -> int:
    return int(time.time() * 1000)


class Bot:
    def __init__(
        self,
        base_url: str,
        user: str,
        password: str,
        state: Path,
        patience: Patience | None = None,
    ) -> None:
        self.user = user
        self.account = MatrixAccount(
            base_url, user, password, "Kortelijn", state, patience or Patience()
        )
        self.channel = MatrixChannel(self.account, wall_clock)
        self.cursor: str | None = None
        self.updates: list[Update] = []

    async def start(self) -> None:
        """Start and take what `start` already received, as the program does."""
        await self.channel.start(self.cursor)
        await self.receive()

    async def restart(self) -> None:
        """As another process would: nothing is left but the folder and the cursor."""
        await self.channel.stop()
        self.channel = MatrixChannel(self.account, wall_clock)
        await self.start()

    async def receive(self) -> tuple[Update, ...]:
        batch = await self.channel.receive(self.cursor)
        self.cursor = batch.cursor
        self.updates += batch.updates
        return batch.updates

    async def receives(self, wanted: Callable[[Update], bool]) -> Update:
        """Receive until such an update came (since the start)."""
        async with asyncio.timeout(HANG_S):
            while True:
                for update in self.updates:
                    if wanted(update):
                        return update
                await self.receive()

    async def receives_kind(self, kind: str, sender: str) -> Update:
        return await self.receives(lambda u: u.kind == kind and u.sender == sender)

    async def does(self, delivery: Delivery) -> tuple[str, ...]:
        """Carry out a delivery that must be accepted."""
        receipt = await self.channel.send(delivery)
        assert isinstance(receipt, Accepted), receipt
        return receipt.ids

    async def opens(
        self, name: str, *people: str, signed_only: bool = False, direct: bool = False
    ) -> str:
        wish = OpenRoom(fresh_key(), name, people, direct=direct, signed_only=signed_only)
        (room,) = await self.does(wish)
        return room

    async def says(
        self, room: str, text: str, *, loud: bool = True, replaces: str | None = None
    ) -> str:
        say = Say(room, fresh_key(), text, loud=loud, replaces=replaces)
        (event_id,) = await self.does(say)
        return event_id

    async def offers(
        self, room: str, about: str, *emoji: str, standing: tuple[tuple[str, str], ...] = ()
    ) -> tuple[tuple[str, str], ...]:
        ids = await self.does(Buttons(room, fresh_key(), about, emoji, standing))
        return tuple(zip(emoji, ids, strict=True))


async def cannot_read(phone: Phone, room: str) -> Seen:
    """The newest message of this room, which came to this phone without its key."""

    def found() -> Seen | None:
        blind = [seen for seen in phone.messages if seen.room == room and seen.undecryptable]
        return blind[-1] if blind else None

    return await phone.sees(found, "a message that it cannot decrypt")


def fresh_key() -> str:
    return f"row/{next(_keys)}"
