"""What every messenger must do, in the words that both messengers share.

A channel turns what its server says into `Update` values and carries out `Delivery`
values. It knows nothing of cases: what may be shown is decided before it gets a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from commands.messages import Message
from commands.update import Update, UpdateKind

__all__ = [
    "Accepted",
    "Batch",
    "Buttons",
    "Channel",
    "ChannelDown",
    "Delivery",
    "Enter",
    "Erase",
    "EraseRoom",
    "Fetch",
    "FindUnsigned",
    "Invite",
    "Later",
    "Leave",
    "Messenger",
    "OpenRoom",
    "Probe",
    "Readiness",
    "Receipt",
    "Refused",
    "Remove",
    "Say",
    "SendFile",
    "SendPicture",
    "Update",
    "UpdateKind",
]


@dataclass(frozen=True)
class Batch:
    """Updates that must be committed together with the cursor behind them."""

    updates: tuple[Update, ...]
    cursor: str


@dataclass(frozen=True)
class Say:
    """Post a message, or edit the one that stands (`replaces`)."""

    room: str
    key: str  # idempotency key: the same key is the same message, for ever
    text: str  # plain text, lines separated by \n; the channel makes its own formatting
    loud: bool  # rings; else a notice without sound
    replaces: str | None = None  # event id of the message that this edits
    keyboard: tuple[tuple[str, str], ...] = ()  # (label, data), where buttons belong to messages
    urgent: bool = False  # a page: nothing else may hold it up


@dataclass(frozen=True)
class Buttons:
    """Set exactly these emoji under a message, in this order; take our others away."""

    room: str
    key: str
    about: str
    emoji: tuple[str, ...]
    standing: tuple[tuple[str, str], ...] = ()  # (emoji, reaction event id) we set before


@dataclass(frozen=True)
class OpenRoom:
    """Make a private encrypted room and invite people. Asking twice makes one room."""

    key: str
    name: str  # the only thing that state may tell
    invite: tuple[str, ...] = ()
    direct: bool = False  # a direct chat between the bot and one person
    signed_only: bool = False  # devices that their owner did not sign get no keys here
    moderators: tuple[str, ...] = ()
    under: str | None = None  # the group of which the room is a part, where rooms are topics


@dataclass(frozen=True)
class Invite:
    room: str
    key: str
    user: str


@dataclass(frozen=True)
class Remove:
    room: str
    key: str
    user: str


@dataclass(frozen=True)
class Erase:
    """Take one message away (redaction)."""

    room: str
    key: str
    about: str


@dataclass(frozen=True)
class SendFile:
    room: str
    key: str
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class SendPicture:
    """Show a drawing. It becomes a PNG while it is sent."""

    room: str
    key: str
    name: str
    text: str  # the same in words, for who does not see it
    svg: str = field(repr=False)
    width: int = 0  # pixels
    height: int = 0


@dataclass(frozen=True)
class Fetch:
    """Bring the content of a document that somebody sent; nothing is put into the room."""

    room: str
    key: str
    source: str = field(repr=False)  # `Document.source`; may hold the key of the content
    most_bytes: int = 0  # more is not read, whatever was said before


@dataclass(frozen=True)
class Enter:
    """Accept an invitation, only to tell a stranger that this channel is closed."""

    room: str
    key: str


@dataclass(frozen=True)
class EraseRoom:
    """Take a room away for everybody, with all that stands in it."""

    room: str
    key: str


@dataclass(frozen=True)
class Leave:
    """Leave a room and forget it."""

    room: str
    key: str


@dataclass(frozen=True)
class Probe:
    """Is this user still in their chat with us? Makes no sound; refused if not."""

    room: str
    key: str
    user: str


@dataclass(frozen=True)
class FindUnsigned:
    """Look which devices of this user get no keys of case rooms; `ids` will be their names."""

    room: str
    key: str
    user: str


Delivery = (
    FindUnsigned
    | Fetch
    | Probe
    | Enter
    | Leave
    | Say
    | Buttons
    | OpenRoom
    | Invite
    | Remove
    | Erase
    | EraseRoom
    | SendFile
    | SendPicture
)


@dataclass(frozen=True)
class Accepted:
    """The messenger's server has it. `ids` are event ids, or the room id of a new room."""

    ids: tuple[str, ...] = ()
    moved_to: str | None = None  # the room has this id from now on
    remains: tuple[str, ...] = ()  # event ids that the messenger does not let us erase any more
    content: bytes = field(default=b"", repr=False)  # of what was fetched


@dataclass(frozen=True)
class Later:
    """Not done, or nobody knows: do it again after `after_ms`, with the same key."""

    reason: str  # for the operator; never message text
    after_ms: int = 1_000
    channel_down: bool = False  # the whole messenger is away, not only this room
    unknown: bool = False  # it may have arrived


@dataclass(frozen=True)
class Refused:
    """Will never work (gone room, forbidden): for the operator and the chain's next step."""

    reason: str
    gone: bool = False  # the room itself is not there any more


Receipt = Accepted | Later | Refused


class ChannelDown(Exception):
    """Receiving does not work now. `after_ms`: how long to wait before the next try."""

    def __init__(
        self, reason: str, after_ms: int, *, revoked: bool = False, second_poller: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after_ms = after_ms
        self.revoked = revoked  # the token is no longer accepted: a human must act
        self.second_poller = second_poller  # another program takes our news: a human must act


@dataclass(frozen=True)
class Readiness:
    """One line of `main.py check`. `name` is a key of the catalogue, `detail` a meaning."""

    name: str
    ready: bool
    detail: Message
    warns: bool = False  # ready, and yet somebody should look at it


class Channel(Protocol):
    """A way to people. All methods are safe to call concurrently."""

    name: str  # "matrix", "telegram", "fallback"

    async def send(self, delivery: Delivery) -> Receipt:
        """Carry out one delivery. Never raises for what a server can do to us."""
        ...

    async def stop(self) -> None: ...


class Messenger(Channel, Protocol):
    """A channel that people answer on. `receive` is for one caller only."""

    # Whether the messenger's server tells its news to one receiver only, however many logins.
    one_receiver: bool

    async def start(self, cursor: str | None) -> None:
        """Log in or pick up the stored session and be ready to send. Raises `ChannelDown`."""
        ...

    async def receive(self, cursor: str | None) -> Batch:
        """Wait (at most half a minute) for news behind `cursor`. Raises `ChannelDown`.

        Called again with the same cursor it gives the same updates again.
        """
        ...

    async def unsigned_devices(self, user: str) -> Sequence[str]:
        """Display names or ids of this user's devices that get no keys of case rooms."""
        ...

    async def check(self) -> Sequence[Readiness]:
        """Connection, encryption and clock, a line each; sends nothing to people."""
        ...
