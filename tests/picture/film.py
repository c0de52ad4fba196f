"""What one phone showed and what its owner pressed, in the order in which it happened."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.kit.expect import NotSeen
from tests.kit.phone import Phone
from tests.kit.seen import Happening, Seen

By = Literal["me", "bot", "other"]


@dataclass(frozen=True)
class Chip:
    """One emoji under a message: how many set it, and whether the owner of the phone did."""

    emoji: str
    count: int
    mine: bool


@dataclass(frozen=True)
class Frame:
    """One message as it stood for a while. `since`: UTC epoch milliseconds of story time."""

    message: str  # event id: an edited message has several frames
    room: str
    sender: str  # Matrix user id
    by: By
    since: int
    text: str
    kind: str  # Matrix msgtype
    edited: bool = False
    chips: tuple[Chip, ...] = ()
    pressed: bool = False

    @property
    def loud(self) -> bool:
        """Came with a sound: a text of the bot. An edit makes none."""
        return self.by == "bot" and self.kind == "m.text" and not self.edited


@dataclass
class Film:
    """Listens to a phone from `start` on. `now` tells story time in milliseconds."""

    phone: Phone
    now: Callable[[], int]
    frames: list[Frame] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # messages that were taken away

    def start(self) -> None:
        """Keep everything that comes from here on."""
        self.phone.screen.listeners.append(self._happened)

    async def press(self, message: Seen, label: str) -> None:
        """The owner presses the button with these words."""
        await self.phone.settle()
        place = self._place(message.event_id)
        offered = self.frames[place]
        for chip in offered.chips:
            if f"{chip.emoji} {label}".casefold() in offered.text.casefold():
                break
        else:
            raise NotSeen(f"{self.phone.name} sees no button {label!r} under\n  {message}")
        chips = tuple(
            replace(each, count=each.count + 1, mine=True) if each is chip else each
            for each in offered.chips
        )
        self.frames[place] = replace(offered, chips=chips, pressed=True)
        await self.phone.taps(message, chip.emoji)

    def _happened(self, happening: Happening) -> None:
        seen = happening.message
        if seen is None or seen.undecryptable:
            return
        match happening.what:
            case "message" | "edit":
                self._new(seen)
                self._chips(seen)
            case "tap" | "untap":
                self._chips(seen)
            case "gone":
                self.gone.add(seen.event_id)

    def _new(self, seen: Seen) -> None:
        roles: dict[str, By] = {self.phone.user_id: "me", self.phone.bot: "bot"}
        by = roles.get(seen.sender, "other")
        text, kind, edited = seen.text, seen.kind, bool(seen.edits)
        self.frames.append(
            Frame(seen.event_id, seen.room, seen.sender, by, self.now(), text, kind, edited)
        )

    def _chips(self, seen: Seen) -> None:
        """The chips as they are now. What was pressed under a text stays with that text, though
        the bot clears it away before it puts the next text there."""
        place = self._place(seen.event_id)
        if self.frames[place].pressed:
            return
        setters: dict[str, list[str]] = {}
        for tap in seen.taps:
            setters.setdefault(tap.emoji, []).append(tap.sender)
        chips = tuple(
            Chip(emoji, len(who), self.phone.user_id in who) for emoji, who in setters.items()
        )
        self.frames[place] = replace(self.frames[place], chips=chips)

    def _place(self, message: str) -> int:
        """Where the newest frame of this message is."""
        places = range(len(self.frames) - 1, -1, -1)
        return next(place for place in places if self.frames[place].message == message)
