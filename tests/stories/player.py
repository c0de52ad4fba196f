"""Somebody in a story, with the same words for whichever messenger is in their hand."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.kit.expect import HANG_S, Expectations
from tests.kit.seen import Seen


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


class Player(Expectations):
    """What everybody in a story can do and look at. Texts may carry the marks of `wording`."""

    _prologue = 0

    @property
    @abstractmethod
    def key(self) -> str:
        """Who it is, as in the region's list of people."""

    @property
    @abstractmethod
    def own_chat(self) -> str:
        """The room of the talk with the bot."""

    @property
    @abstractmethod
    def messages(self) -> Sequence[Seen]:
        """Everything that came, oldest first, as it stands now."""

    @abstractmethod
    def wording(self, text: str) -> str:
        """How this reads here; empty when nothing of it is shown here."""

    @abstractmethod
    def is_in(self, room: str | None) -> bool:
        """Whether what is said in this room comes here. None: wherever."""

    # doing

    @abstractmethod
    async def writes(self, text: str) -> Seen:
        """Write this to the bot, in the own chat."""

    @abstractmethod
    async def tells_the_case(self, text: str) -> Seen:
        """Write this where the newest case is talked about: in its room, or to the bot by whoever
        is not in the room."""

    @abstractmethod
    async def chooses(self, message: Seen, label: str) -> object:
        """Press the button with these words; capital or small letters are the same. Without
        connection: press what the screen still shows, and it is sent before anything comes in."""

    @abstractmethod
    def goes_offline(self) -> None:
        """From now on nothing reaches this phone."""

    @abstractmethod
    async def comes_back(self) -> None:
        """Be connected again, and get everything that came meanwhile."""

    # looking

    async def expects(
        self,
        fragment: str,
        *,
        room: str | None = None,
        loud: bool | None = None,
        hang_s: float = HANG_S,
    ) -> Seen:
        words = self.wording(fragment)
        assert words, f"{self.name} is shown nothing of {fragment!r}"
        return await super().expects(words, room=room, loud=loud, hang_s=hang_s)

    async def shows(self, message: Seen, fragment: str, *, hang_s: float = HANG_S) -> Seen:
        words = self.wording(fragment)
        return await super().shows(message, words, hang_s=hang_s) if words else message

    @abstractmethod
    async def can_choose(self, message: Seen, *labels: str) -> None:
        """The buttons that can be pressed under it are these, in this order."""

    @abstractmethod
    async def reads_how_it_stands(self, room: str, stands: str) -> None:
        """In the case room, or in the own chat of who is not in it, there is one headline and it
        says this. Who came late reads what was before."""

    async def finds_changed(self, fragment: str) -> None:
        """Some message that was expected before now says this. Raises `NotSeen`."""
        words = self.wording(fragment)
        if not words:
            return

        def changed() -> bool | None:
            found = [each for each in self._expected.values() if words in each.message.text]
            for each in found:
                each.fragments.append(words)
            return bool(found) or None

        await self._until(changed, f"something to have changed to {words!r}", HANG_S)

    def lets_go(self, *fragments: str) -> None:
        """Messages with such a text may have been taken away: those that were read elsewhere
        or came back further down. So may what was gone before this phone could show it."""
        for seen in self.messages:
            last = seen.versions[-1] if seen.versions else ""
            known = not last or any(fragment in last for fragment in fragments)
            if seen.sender == self.bot and seen.redacted and known:
                self.expect_gone(seen)

    # listening

    def ends_prologue(self) -> None:
        """What came until now is not the story: neither expected nor counted."""
        self.ignore_so_far()
        self._prologue = len(self.messages)

    def noise(self, *rooms: str) -> Noise:
        """New messages of the bot in these rooms (the own chat), also those taken away."""
        heard = [
            seen
            for seen in self.messages[self._prologue :]
            if seen.sender == self.bot and seen.room in (rooms or (self.own_chat,))
        ]
        loud = sum(seen.loud for seen in heard)
        return Noise(loud, len(heard) - loud)

    def own_words(self) -> int:
        """How often this person wrote something in the own chat."""
        written = self.messages[self._prologue :]
        return sum((seen.sender != self.bot and seen.room == self.own_chat) for seen in written)

    def heard_ringing(self) -> list[str]:
        """What rang, for a test that counts."""
        ringing = [seen for seen in self.messages[self._prologue :] if seen.loud]
        return [(seen.versions or [""])[0] for seen in ringing if seen.sender == self.bot]
