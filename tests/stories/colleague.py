"""A phone that plays in a story: it looks when the stage is quiet, and reads what buttons say."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import quote
from uuid import uuid4

from tests.kit.device import Device
from tests.kit.expect import HANG_S, NotSeen
from tests.kit.phone import Phone
from tests.kit.seen import Seen

T = TypeVar("T")
LATE = "tot nu toe"
_SIGN = r"(?:✅|❌|\d️⃣)"
_CHOICE = re.compile(rf"({_SIGN}) (.+?)(?=, {_SIGN} |\. Of antwoord|$)")


class Floor(Protocol):
    """What a phone needs of the stage it plays on."""

    @property
    def sees_all(self) -> bool:
        """The bot runs where it can be seen; else a phone must wait for what may come."""

    def stir(self) -> None:
        """Something happened: it is not quiet any more."""

    async def quiet(self) -> None:
        """Return when everything that happened has been dealt with and is on every phone."""


@dataclass(frozen=True)
class Noise:
    """How often a phone rang, and how often something new came without a sound."""

    loud: int
    silent: int


class Colleague(Phone):
    """Somebody's phone. What it does may have consequences for everybody, so before it looks
    it waits until all of them have come; what is not there then does not come any more."""

    def __init__(
        self, floor: Floor, base_url: str, user_id: str, password: str, *, bot: str, signed: bool
    ) -> None:
        super().__init__(base_url, user_id, password, bot=bot, signed=signed)
        self._floor = floor
        self._prologue = 0
        self._dark: set[str] = set()
        self._first_event: dict[str, str] = {}

    # doing

    async def writes(self, text: str) -> Seen:
        """Write this to the bot, in the direct chat."""
        return await self.says(self.direct_room, text)

    async def chooses(self, message: Seen, label: str) -> str:
        """Press the button with these words, as the message explains it; the reaction's id."""
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

    async def finds_changed(self, fragment: str) -> None:
        """Some message that was expected before now says this. Raises `NotSeen`."""

        def changed() -> bool | None:
            found = [each for each in self._expected.values() if fragment in each.message.text]
            for each in found:
                each.fragments.append(fragment)
            return bool(found) or None

        await self._until(changed, f"something to have changed to {fragment!r}", HANG_S)

    def lets_go(self, *fragments: str) -> None:
        """Messages with such a text may have been taken away: those that were read elsewhere
        or came back further down. So may what was gone before this phone could show it."""
        for seen in self.messages:
            last = seen.versions[-1] if seen.versions else ""
            known = not last or any(fragment in last for fragment in fragments)
            if seen.sender == self.bot and seen.redacted and known:
                self.expect_gone(seen)

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

    # listening

    def ends_prologue(self) -> None:
        """What came until now is not the story: neither expected nor counted."""
        self.ignore_so_far()
        self._prologue = len(self.messages)

    def noise(self, *rooms: str) -> Noise:
        """New messages of the bot in these rooms (the direct chat), also those taken away."""
        heard = [
            seen
            for seen in self.messages[self._prologue :]
            if seen.sender == self.bot and seen.room in (rooms or (self.direct_room,))
        ]
        loud = sum(seen.loud for seen in heard)
        return Noise(loud, len(heard) - loud)

    def heard_ringing(self) -> list[str]:
        """What rang, for a test that counts."""
        ringing = [seen for seen in self.messages[self._prologue :] if seen.loud]
        return [(seen.versions or [""])[0] for seen in ringing if seen.sender == self.bot]


class Together:
    """Several people who see, or do, the same."""

    def __init__(self, people: Iterable[Colleague]) -> None:
        self.people = tuple(people)

    def __iter__(self) -> Iterator[Colleague]:
        return iter(self.people)

    async def expect(
        self, fragment: str, *, room: str | None = None, loud: bool | None = None
    ) -> dict[str, Seen]:
        """Each of them has a new message with this; by name without the number."""
        return {
            person.name.rpartition("-")[0]: await person.expects(fragment, room=room, loud=loud)
            for person in self
        }

    async def read_the_room(self, room: str, stands: str) -> None:
        """In the case room each of them reads how it stands now, and who came late what was
        before. There is one of both: older ones made way."""
        for person in self:
            late = [seen for seen in person.messages if seen.room == room and LATE in seen.text]
            assert len(late) <= 1, f"{person.name} reads two tales of what was: {late}"
            if late:
                await person.expects(LATE, room=room, loud=False)
            await person.expects(stands, room=room, loud=False)
            person.lets_go("\nStand ", LATE)

    async def show(self, messages: dict[str, Seen], fragment: str) -> None:
        """On each of these phones the message has been edited to contain this."""
        for person in self:
            await person.shows(messages[person.name.rpartition("-")[0]], fragment)

    async def choose(self, messages: dict[str, Seen], label: str) -> None:
        """Each of them presses that button, at the same moment."""
        await asyncio.gather(
            *(person.chooses(messages[person.name.rpartition("-")[0]], label) for person in self)
        )

    async def find_changed(self, fragment: str) -> None:
        """As `Colleague.finds_changed`, for each."""
        for person in self:
            await person.finds_changed(fragment)

    def let_go(self, *fragments: str) -> None:
        """As `Colleague.lets_go`, for each."""
        for person in self:
            person.lets_go(*fragments)


def _choices(text: str) -> list[tuple[str, str]]:
    """Sign and words of every button that the last line of a message explains."""
    last = text.splitlines()[-1] if text else ""
    return _CHOICE.findall(last) if last.startswith("Reageer ") else []
