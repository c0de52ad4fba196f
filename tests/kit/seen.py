"""What one phone has on its screen: messages as they stand now, with taps, edits and removals.

Knows Matrix events as plain dictionaries and nothing of networks or encryption, so that what
a test or the demo says somebody saw is put together in one place.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Content = dict[str, Any]
What = Literal["message", "edit", "tap", "untap", "gone", "joined", "left"]


@dataclass(frozen=True)
class Tap:
    """A reaction under a message."""

    event_id: str
    sender: str
    emoji: str


@dataclass(eq=False)
class Seen:
    """One message as this phone shows it now."""

    room: str
    event_id: str
    sender: str
    at: int  # UTC epoch milliseconds, the homeserver's time stamp of the first version
    kind: str  # Matrix msgtype: m.text rings, m.notice does not
    text: str  # as currently edited; a file's name
    encrypted: bool
    content: Content = field(repr=False)
    edits: int = 0
    undecryptable: bool = False
    redacted: bool = False
    reply_to: str | None = None
    taps: list[Tap] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)  # every text it had, oldest first

    @property
    def loud(self) -> bool:
        """Would ring: a text of its own. A notice does not, and no edit does."""
        return self.kind == "m.text"

    def emoji(self, sender: str) -> tuple[str, ...]:
        """What `sender` set under this message, in that order."""
        return tuple(tap.emoji for tap in self.taps if tap.sender == sender)

    def __str__(self) -> str:
        sign = "🔔" if self.loud else "🔕"
        state = "(taken away)" if self.redacted else "(cannot be decrypted)"
        shown = self.text if not (self.redacted or self.undecryptable) else state
        edited = f" ✎{self.edits}" if self.edits else ""
        taps = "".join(f" [{tap.emoji} {tap.sender}]" for tap in self.taps)
        return f"{sign} {self.sender} in {self.room}{edited}: {shown!r}{taps}"


@dataclass(frozen=True)
class Happening:
    """Something changed on the screen. `who` did it; `message` is None for people's comings."""

    what: What
    room: str
    who: str
    at: int  # UTC epoch milliseconds, the homeserver's time stamp
    message: Seen | None = None
    emoji: str = ""


class Screen:
    """All messages of one phone, in order of arrival."""

    def __init__(self) -> None:
        self.messages: list[Seen] = []
        self.listeners: list[Callable[[Happening], None]] = []
        self._by_id: dict[str, Seen] = {}
        self._tap_of: dict[str, tuple[Seen, Tap]] = {}
        self._waiting: dict[str, list[tuple[Content, bool, bool]]] = {}
        self._taken: set[str] = set()

    def __getitem__(self, event_id: str) -> Seen:
        return self._by_id[event_id]

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._by_id

    def __iter__(self) -> Iterator[Seen]:
        return iter(self.messages)

    def took(self, event_id: str) -> bool:
        """Whether this event, of whatever kind, came before."""
        return event_id in self._taken

    def take(self, room: str, event: Content, *, encrypted: bool, readable: bool) -> None:
        """Put one timeline event on the screen; the same event a second time is not news."""
        if event["event_id"] not in self._taken:
            self._taken.add(event["event_id"])
            self._place(room, event, encrypted=encrypted, readable=readable)

    def read_late(self, room: str, event: Content) -> None:
        """The key came after the event: put it on the screen as it can be read now."""
        self._place(room, event, encrypted=True, readable=True)

    def _place(self, room: str, event: Content, *, encrypted: bool, readable: bool) -> None:
        content = event.get("content", {})
        relation = content.get("m.relates_to") or {}
        target = relation.get("event_id", "")
        kind = event["type"]
        if kind == "m.room.member":
            self._person(room, event)
        elif kind == "m.room.redaction":
            self._remove(event, event.get("redacts") or content.get("redacts", ""))
        elif kind == "m.reaction" or relation.get("rel_type") == "m.replace":
            if target not in self._by_id:
                self._waiting.setdefault(target, []).append((event, encrypted, readable))
            elif kind == "m.reaction":
                self._tap(self._by_id[target], event, relation.get("key", ""))
            else:
                self._edit(self._by_id[target], event, readable=readable)
        elif kind in ("m.room.message", "m.room.encrypted", "m.sticker"):
            self._message(room, event, relation, encrypted=encrypted, readable=readable)

    def _message(
        self, room: str, event: Content, relation: Content, *, encrypted: bool, readable: bool
    ) -> None:
        content = event.get("content", {})
        redacted = "redacted_because" in (event.get("unsigned") or {})
        text = str(content.get("body", "")) if readable else ""
        known = self._by_id.get(event["event_id"])
        if known is not None:  # the key came after the message
            known.undecryptable, known.content = False, content
            known.kind = content.get("msgtype", "")
            if not known.edits:
                known.text = text
            known.versions.insert(0, text)
            self._tell("message", event, known)
            return
        seen = Seen(
            room=room,
            event_id=event["event_id"],
            sender=event["sender"],
            at=event["origin_server_ts"],
            kind=content.get("msgtype", "") if readable else "",
            text=text,
            encrypted=encrypted,
            content=content,
            undecryptable=not readable and not redacted,
            redacted=redacted,
            reply_to=(relation.get("m.in_reply_to") or {}).get("event_id"),
            versions=[text] if readable else [],
        )
        self.messages.append(seen)
        self._by_id[seen.event_id] = seen
        self._tell("message", event, seen)
        for early, was_encrypted, was_readable in self._waiting.pop(seen.event_id, []):
            self._place(room, early, encrypted=was_encrypted, readable=was_readable)

    def _edit(self, seen: Seen, event: Content, *, readable: bool) -> None:
        if event["sender"] != seen.sender or seen.redacted:
            return  # no client shows such an edit
        if not readable:
            seen.undecryptable = True
            return
        new = event["content"].get("m.new_content") or {}
        seen.undecryptable = False
        seen.text = str(new.get("body", ""))
        seen.edits += 1
        seen.versions.append(seen.text)
        self._tell("edit", event, seen)

    def _tap(self, seen: Seen, event: Content, emoji: str) -> None:
        tap = Tap(event["event_id"], event["sender"], emoji)
        seen.taps.append(tap)
        self._tap_of[tap.event_id] = (seen, tap)
        self._tell("tap", event, seen, emoji)

    def _remove(self, event: Content, target: str) -> None:
        if target in self._tap_of:
            seen, tap = self._tap_of.pop(target)
            seen.taps.remove(tap)
            self._tell("untap", event, seen, tap.emoji)
        elif target in self._by_id:
            seen = self._by_id[target]
            seen.redacted, seen.undecryptable, seen.text = True, False, ""
            self._tell("gone", event, seen)

    def _person(self, room: str, event: Content) -> None:
        membership = event.get("content", {}).get("membership")
        before = (event.get("unsigned") or {}).get("prev_content", {}).get("membership")
        if membership == before or membership not in ("join", "leave", "ban"):
            return
        what: What = "joined" if membership == "join" else "left"
        happening = Happening(what, room, event["state_key"], event["origin_server_ts"])
        for listener in self.listeners:
            listener(happening)

    def _tell(self, what: What, event: Content, seen: Seen, emoji: str = "") -> None:
        at = event["origin_server_ts"]
        for listener in self.listeners:
            listener(Happening(what, seen.room, event["sender"], at, seen, emoji))
