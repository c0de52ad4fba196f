"""One thing that happened on a messenger, in words that all messengers share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

TOO_LARGE = "too large"  # why a channel refuses to fetch a document

UpdateKind = Literal[
    "text",  # somebody wrote `text`
    "tap",  # somebody reacted with `text` (an emoji) to the message `about`
    "untap",  # somebody took the reaction `about` away (about = the reaction's own event id)
    "seen",  # a read receipt of `sender` up to the message `about`
    "joined",  # `sender` joined `room`
    "left",  # `sender` left `room`, refused the invitation or was removed
    "invited",  # `sender` invited us into `room`, which we did not make
    "moved",  # the group `room` has the address `text` from now on; only the messenger says so
    "sent",  # another instance of ours sent what has the key `text`
    "shut_out",  # we were put out of `room`, or may no longer do our work there
    "file",  # photo, voice, video, location: only answered. Of a file, how to fetch it
    "unreadable",  # a message that could not be decrypted or parsed
]


@dataclass(frozen=True)
class Document:
    """A file that somebody sent as such, not yet fetched. All of it is what the sender says."""

    name: str = field(repr=False)
    media_type: str
    size: int | None  # bytes; not to be trusted
    source: str = field(repr=False)  # how to have it; only its own channel can read this


@dataclass(frozen=True)
class Update:
    """One thing that happened on the messenger, ready to be committed to the inbox."""

    update_id: str  # unique per channel: the event id, or one derived from it
    kind: UpdateKind
    room: str  # the messenger's room or chat id
    sender: str  # the messenger's user id
    at: int  # UTC epoch milliseconds, the server's time stamp
    text: str = ""
    about: str | None = None  # event id that a tap, receipt or reply refers to
    reply: bool = False  # `text` answers the message `about`
    edit: bool = False  # the text replaces an earlier one: never a command
    forwarded: bool = False
    timed: bool = True  # False: the messenger does not tell when, `at` is when we heard it
    event_id: str = ""  # of the message itself, where `update_id` is something else
    document: Document | None = None  # of a "file": what can be fetched

    @property
    def event(self) -> str:
        """What the messenger calls the message or reaction."""
        return self.event_id or self.update_id


def update_from(kept: Mapping[str, Any]) -> Update:
    """An update as it stood in the inbox."""
    document = kept.get("document")
    return Update(**{**kept, "document": Document(**document) if document else None})
