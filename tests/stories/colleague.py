"""A phone that plays in a story: it looks when the stage is quiet, and reads what buttons say."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import quote
from uuid import uuid4

from tests.kit.device import Device
from tests.kit.expect import HANG_S, NotSeen
from tests.kit.phone import Phone
from tests.kit.seen import Seen
from tests.stories import wording
from tests.stories.player import Floor, Player

T = TypeVar("T")
LATE = "tot nu toe"
_SIGN = r"(?:✅|❌|\d️⃣)"
_CHOICE = re.compile(rf"({_SIGN}) (.+?)(?=, {_SIGN} |\. Of antwoord|$)")


class Colleague(Phone, Player):
    """Somebody's phone. What it does may have consequences for everybody, so before it looks
    it waits until all of them have come; what is not there then does not come any more."""

    def __init__(
        self, floor: Floor, base_url: str, user_id: str, password: str, *, bot: str, signed: bool
    ) -> None:
        super().__init__(base_url, user_id, password, bot=bot, signed=signed)
        self._floor = floor
        self._offline = False
        self._dark: set[str] = set()
        self._first_event: dict[str, str] = {}

    @property
    def key(self) -> str:
        return self.name.rpartition("-")[0]  # without the number of the story

    @property
    def own_chat(self) -> str:
        return self.direct_room

    def wording(self, text: str) -> str:
        return wording.encrypted(text)

    def is_in(self, room: str | None) -> bool:
        """Everybody on Matrix is in the group, and comes into a case by a yes; who is missing in
        a room does not see what is expected there."""
        return True

    # doing

    async def writes(self, text: str) -> Seen:
        return await self.says(self.direct_room, text)

    async def tells_the_case(self, text: str) -> Seen:
        return await self.says(self.case_room, text)

    async def chooses(self, message: Seen, label: str) -> str:
        """As the message explains its buttons. Returns the reaction's id."""
        await self.settle()
        signs = {words.casefold(): sign for sign, words in _choices(message.text)}
        sign = signs.get(label.casefold())
        if sign is None or sign not in message.emoji(self.bot):
            raise NotSeen(f"{self.name} sees no button {label!r} under\n  {message}")
        return await self.taps(message, sign)

    async def reads(self, message: Seen) -> None:
        await self._stirring(super().reads(message))

    async def leaves(self, room: str) -> None:
        await self._stirring(super().leaves(room))

    async def _send(self, room: str, kind: str, content: dict[str, object]) -> str:
        return await self._stirring(super()._send(room, kind, content))

    async def _redact(self, room: str, event_id: str) -> None:
        await self._stirring(super()._redact(room, event_id))

    async def _stirring(self, doing: Awaitable[T]) -> T:
        self._floor.stir()
        return await doing

    def goes_offline(self) -> None:
        self._offline = True

    async def comes_back(self) -> None:
        self._offline = False
        self._floor.stir()
        await self.settle()

    async def _read(self, timeout_ms: int) -> None:
        if not self._offline:
            await super()._read(timeout_ms)

    # looking

    @property
    def case_room(self) -> str:
        """The room of the newest case that this person is in."""
        return list(self.case_rooms.values())[-1]

    async def settle(self) -> None:
        if self._floor.sees_all:
            await self._floor.quiet()
        else:
            await Device.settle(self)

    async def catch_up(self) -> bool:
        """Read all that the server has. True if there was an invitation, which was accepted.

        What the server accepted before it was asked is in its answer: no mark is needed here.
        """
        accepted = before = self._accepted
        await self._read(0)
        while self._more_keys or self._accepted != accepted:
            accepted = self._accepted
            await self._read(0)  # what the room holds that it came into
        return accepted != before

    async def _until(
        self, look: Callable[[], T | None], what: str, hang_s: float, about: Seen | None = None
    ) -> T:
        if not self._floor.sees_all:
            return await super()._until(look, what, hang_s, about)
        await self.settle()
        found = look()
        if found is None:
            raise NotSeen(self._report(what, about))
        return found

    async def marks(self, room: str) -> str:
        """As `Phone.marks`; stirs nothing, for it is how the stage finds out."""
        if room not in self._first_event:
            state = await self.state(room)
            creation = next(event for event in state if event["type"] == "m.room.create")
            self._first_event[room] = creation["event_id"]
        target, mark = self._first_event[room], uuid4().hex
        relation = {"rel_type": "m.annotation", "event_id": target, "key": mark}
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/m.reaction/{mark}"
        bearer = {"Authorization": f"Bearer {self.client.access_token}"}
        body = json.dumps({"m.relates_to": relation})
        async with await self.client.send("PUT", path, body, bearer) as answer:
            event_id: str = (await answer.json())["event_id"]
        return event_id

    async def can_choose(self, message: Seen, *labels: str) -> None:
        def offered() -> bool | None:
            signs = [sign for sign, _ in _choices(message.text)]
            words = [words.casefold() for _, words in _choices(message.text)]
            explained = words == [label.casefold() for label in labels]
            return (explained and signs == list(message.emoji(self.bot))) or None

        await self._until(offered, f"the buttons {labels}", HANG_S, message)

    async def reads_how_it_stands(self, room: str, stands: str) -> None:
        late = [seen for seen in self.messages if seen.room == room and LATE in seen.text]
        assert len(late) <= 1, f"{self.name} reads two tales of what was: {late}"
        if late:
            await self.expects(LATE, room=room, loud=False)
        await self.expects(stands, room=room, loud=False)
        self.lets_go("\nStand ", LATE)  # older ones made way

    async def reads_nothing_in(self, room: str) -> None:
        """Messages come into this room, and this device has no key for any of the bot's."""
        await self.settle()
        there = [seen for seen in self.messages if (seen.room, seen.sender) == (room, self.bot)]
        assert there, f"{self.name} does not even see that something was written"
        assert all(seen.undecryptable or seen.redacted for seen in there), there
        self._dark.add(room)

    def unexpected(self) -> list[Seen]:
        """As for every phone; what cannot be read where nothing can be read is expected."""
        stray = super().unexpected()
        return [seen for seen in stray if seen.room not in self._dark or seen.text]


def _choices(text: str) -> list[tuple[str, str]]:
    """Sign and words of every button that the last line of a message explains."""
    last = text.splitlines()[-1] if text else ""
    return _CHOICE.findall(last) if last.startswith("Reageer ") else []
