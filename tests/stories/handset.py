"""A Telegram phone that plays in a story, with the words that a Matrix one has too."""

from collections.abc import Callable
from typing import TypeVar

from tests.kit.device import PhoneFailed
from tests.kit.expect import HANG_S, Expected, NotSeen
from tests.kit.seen import Seen
from tests.kit.telegram.chats import Chat
from tests.kit.telegram.person import Person
from tests.kit.telegram.press import Press
from tests.kit.telegram.region import payload_in
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram
from tests.stories import wording
from tests.stories.player import Floor, Player

T = TypeVar("T")
STAND = "\nStand "


class Handset(Person, Player):
    """Somebody's Telegram. Like `Colleague` it looks when the stage is quiet. What a story marks
    as kept back may not stand on its screen for a moment."""

    def __init__(self, floor: Floor, world: FakeTelegram, name: str) -> None:
        super().__init__(world, name)
        self._floor = floor
        self.kept_back: set[str] = set()

    @property
    def key(self) -> str:
        return self.name

    @property
    def own_chat(self) -> str:
        return str(self.chat.id)

    def wording(self, text: str) -> str:
        self.kept_back |= wording.kept_back(text)
        return wording.unencrypted(text)

    def is_in(self, room: str | None) -> bool:
        """In the own chat and the group, never in the room of a case."""
        return room is None or not room.startswith("!")

    # doing

    async def tells_the_case(self, text: str) -> TelegramSeen:
        return await self.writes(text)

    async def opens_link(self, shown: Seen) -> TelegramSeen:
        """Tap a `t.me` link that somebody was given, and press Start. Returns what that wrote."""
        await self.settle()
        return await self.starts(payload=payload_in(shown.text))

    async def chooses(self, message: Seen, label: str) -> Press:
        mine = _on_telegram(message)
        await self.settle()
        fitting = [each for each in mine.buttons if each.casefold() == label.casefold()]
        if not fitting:
            raise NotSeen(f"{self.name} sees no button {label!r} under\n  {message}")
        return await self.taps(mine, fitting[0])

    async def taps(self, message: TelegramSeen, label: str, *, stale: bool = False) -> Press:
        await self.settle()
        self._floor.stir()
        return await super().taps(message, label, stale=stale)

    def goes_offline(self) -> None:
        self.connected = False

    async def comes_back(self) -> None:
        self.reconnects()
        await self.settle()

    def _posts(self, chat: Chat, content: dict[str, object], thread: int | None) -> TelegramSeen:
        if not self.connected:
            raise PhoneFailed(f"{self.name} has no connection")
        self._floor.stir()
        return super()._posts(chat, content, thread)

    # looking

    async def settle(self) -> None:
        await self._floor.quiet()

    async def finds(self, fragment: str, *, loud: bool) -> TelegramSeen:
        """As `expects`, for a message whose buttons will be pressed."""
        seen = _on_telegram(await self.expects(fragment, loud=loud))
        assert seen.protected, f"{seen} can be forwarded"
        return seen

    async def can_choose(self, message: Seen, *labels: str) -> None:
        mine, wanted = _on_telegram(message), [label.casefold() for label in labels]
        await self._until(
            lambda: [each.casefold() for each in mine.buttons] == wanted or None,
            f"the buttons {labels}",
            HANG_S,
            message,
        )

    async def reads_how_it_stands(self, room: str, stands: str) -> None:
        words = self.wording(stands)

        def headline() -> Seen | None:
            found = [seen for seen in self.messages if STAND in seen.text and words in seen.text]
            assert len(found) <= 1, f"{self.name} reads two headlines: {found}"
            return found[0] if found else None

        seen = await self._until(headline, f"a headline with {words!r}", HANG_S)
        self._expected.setdefault(seen.event_id, Expected(seen)).fragments.append(words)

    def unexpected(self) -> list[Seen]:
        """As for every phone, and whatever of the bot told what was to be kept back."""
        told = [
            seen
            for seen in self.messages
            if seen.sender == self.bot
            and any(words in text for text in seen.versions for words in self.kept_back)
        ]
        return [*super().unexpected(), *told]

    async def _until(
        self,
        look: Callable[[], T | None],
        what: str,
        hang_s: float,
        about: Seen | None = None,
    ) -> T:
        await self.settle()
        found = look()
        if found is None:
            raise NotSeen(self._report(what, about))
        return found


def _on_telegram(message: Seen) -> TelegramSeen:
    if not isinstance(message, TelegramSeen):
        raise PhoneFailed(f"{message} is not a Telegram message")
    return message
