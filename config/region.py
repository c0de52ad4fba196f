"""The region: its partners and numbers, its places and its meeting room. File region.toml."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from config.entry import Entry, Key, Language, Line, WallTime, Words, form
from config.holidays import Holidays

# Digits with the signs that people put between them: a type of its own, so that the guard
# against personal data can let it through where free text would be refused.
PhoneNumber = Annotated[str, form(r"^\+?[0-9][0-9 ()-]{1,24}$", "0800-2000")]
MatrixId = Annotated[str, form(r"^@[^\s:@]+:[^\s:]+(:[0-9]{1,5})?$", "@ovj1:lagedijk.example")]
HomeServer = Annotated[str, form(r"^https?://[^\s/]+/?$", "https://matrix.lagedijk.example")]
MeetingLink = Annotated[str, form(r"^https://\S+$", "https://meet.example/{secret}")]
BotName = Annotated[str, form(r"(?i)^[a-z][a-z0-9_]{3,30}bot$", "lagedijk_kortelijn_bot")]
ChatId = Annotated[str, form(r"^-?[0-9]{1,20}$", "-1000000000001")]
PublicAddress = Annotated[
    str, form(r"^https://[^\s/@?#]+/?$", "https://kortelijn.lagedijk.example")
]
WebhookUrl = Annotated[
    str, form(r"^https://[^\s/@?#]+(/[^\s?#]*)?$", "https://kortelijn.lagedijk.example/telegram")
]

RoomLink = Annotated[
    str,
    form(r"^https://[^\s{}]*\{room\}[^\s{}]*$", "https://element.lagedijk.example/#/room/{room}"),
]


def _with_secret(link: str) -> str:
    if "{secret}" not in link or link.count("{") != 1 or link.count("}") != 1:
        raise PydanticCustomError("meeting_secret", "no secret in {given}", {"given": link})
    return link


class Function(Words):
    """A duty that somebody of this partner can have, such as `ovj`."""

    key: Key


class Partner(Entry):
    """An organisation that is paged. The order in region.toml is the order on every screen."""

    key: Key
    label: Words
    functions: tuple[Function, ...] = Field(min_length=1)
    desk_name: Words
    desk_number: PhoneNumber

    def function(self, key: str) -> Function | None:
        return next((each for each in self.functions if each.key == key), None)


class Place(Entry):
    """A district or municipality: the only place that an alarm may tell."""

    name: Line
    words: tuple[Line, ...] = ()


class Meeting(Entry):
    """How the joint consultation meets."""

    # A room that is named after the reference could be guessed.
    link: Annotated[MeetingLink, AfterValidator(_with_secret)]
    dial_in: PhoneNumber | None = None

    def link_for(self, secret: str) -> str:
        return self.link.replace("{secret}", secret)


class Matrix(Entry):
    """Where the bot lives. Its password is a secret file, never here."""

    homeserver: HomeServer
    user: MatrixId
    device_name: Line = "Kortelijn"
    group_room: Line | bool = False
    # Where [Open casusruimte] leads to on another messenger; None: words only, no button.
    room_link: RoomLink | None = None

    @property
    def group_room_name(self) -> str | None:
        """Name of the region's group room, or None when the region has none."""
        if isinstance(self.group_room, str):
            return self.group_room
        return self.device_name if self.group_room else None


class Telegram(Entry):
    """The region's bot on Telegram. Its token is a secret file, never here.

    `pages`: Telegram carries calls, times and status. `thread`: the conversation itself happens
    there, unencrypted, so the region must have assessed it first.
    """

    bot: BotName  # without @
    mode: Literal["pages", "thread"] = "pages"
    # Where the data protection impact assessment can be found.
    dpia_reference: Line | None = Field(default=None, validate_default=True)
    group: ChatId | None = None
    # How long a topic stays after its case has ended. Single messages can be deleted for 48 hours.
    keep_hours: int = Field(default=24, ge=1, le=36)
    webhook: WebhookUrl | None = None  # None: the bot asks Telegram for news itself

    @field_validator("dpia_reference")
    @classmethod
    def _assessed(cls, reference: str | None, info: ValidationInfo) -> str | None:
        if reference is None and info.data.get("mode") == "thread":
            raise PydanticCustomError("thread_without_dpia", "mode thread without an assessment")
        return reference


class Digest(Entry):
    """When the weekly digest goes out; wall clock Europe/Amsterdam."""

    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    time: WallTime = "08:00"


class Calendar(Entry):
    """Where people's calendars find the roster: a reverse proxy in front of our own port."""

    address: PublicAddress


class Region(Entry):
    id: Key
    name: Line
    fictional: bool = False
    language: Language = "nl"
    help_number: PhoneNumber
    elsewhere: bool = True
    retention_days: int = Field(default=14, ge=1, le=365)
    places: tuple[Place, ...] = Field(min_length=1)
    partners: tuple[Partner, ...] = Field(min_length=1)
    meeting: Meeting
    matrix: Matrix
    telegram: Telegram | None = None
    digest: Digest = Digest()
    holidays: Holidays = Holidays()
    calendar: Calendar | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The messengers that this region has, as identities name them; Matrix is always there."""
        return ("matrix",) if self.telegram is None else ("matrix", "telegram")

    @property
    def rooms_on(self) -> str:
        """The messenger of the case rooms: the encrypted one, unless the region has decided
        that the conversation happens in the topics of its group on Telegram."""
        return "telegram" if self.telegram and self.telegram.mode == "thread" else "matrix"

    def partner(self, key: str) -> Partner:
        """Raises `KeyError` for a partner that this region does not have."""
        for partner in self.partners:
            if partner.key == key:
                return partner
        raise KeyError(key)
