"""What a Telegram phone has on its screen, in the words that the Matrix phones have too.

A message's `room` is its chat's number as text, with `/` and the topic's number behind it in a
topic; `event_id` is chat and message number; `sender` is the user's number as text.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.kit.device import PhoneFailed
from tests.kit.seen import Content, Screen, Seen, What

Button = dict[str, Any]
NUMBER = re.compile(r"[0-9]{1,3}")


@dataclass(eq=False)
class TelegramSeen(Seen):
    """One Telegram message as this phone shows it now."""

    chat_id: int = 0
    message_id: int = 0
    thread_id: int | None = None
    silent: bool = False
    protected: bool = False  # cannot be forwarded or saved
    rows: list[list[Button]] = field(default_factory=list)
    former: list[list[Button]] = field(default_factory=list)  # every keyboard it had, flat

    @property
    def loud(self) -> bool:
        """Would ring. An edit never does."""
        return not self.silent

    @property
    def keys(self) -> list[Button]:
        """The buttons in reading order, as the API has them."""
        return [button for row in self.rows for button in row]

    @property
    def buttons(self) -> tuple[str, ...]:
        """The labels in reading order."""
        return tuple(button["text"] for button in self.keys)

    def button(self, label: str, *, stale: bool = False) -> Button:
        """By its label, its number (from 1) or a part of one label. Raises `PhoneFailed`.

        `stale`: also one of an earlier keyboard, the newest first.
        """
        for keys in self.former[::-1] if stale else [self.keys]:
            partly = [key for key in keys if label in key["text"]]
            exact = [key for key in partly if label == key["text"]]
            if exact:
                return exact[0]
            if NUMBER.fullmatch(label) and 1 <= int(label) <= len(keys):
                return keys[int(label) - 1]
            if len(partly) == 1:
                return partly[0]
        raise PhoneFailed(f"no button {label!r} under {self}")

    def __str__(self) -> str:
        labels = "".join(f" [{label}]" for label in self.buttons)
        return super().__str__() + labels


def room_of(body: Content) -> str:
    """The room of a message as the API has it."""
    chat = str(body["chat"]["id"])
    return f"{chat}/{body['message_thread_id']}" if body.get("is_topic_message") else chat


def words_of(body: Content) -> str:
    """What can be read of a message: its text, or the caption or name of a file."""
    document = body.get("document") or {}
    said = body.get("text") or body.get("caption") or document.get("file_name") or ""
    return str(said)


def key_of(chat_id: int, message_id: int) -> str:
    return f"{chat_id}:{message_id}"


class TelegramScreen(Screen):
    """All messages of one Telegram phone, in order of arrival."""

    def show(self, body: Content, *, at: int, silent: bool) -> TelegramSeen:
        """A message comes in. `at`: the server's UTC epoch milliseconds."""
        chat_id, message_id = body["chat"]["id"], body["message_id"]
        reply = body.get("reply_to_message")
        text = words_of(body)
        seen = TelegramSeen(
            room=room_of(body),
            event_id=key_of(chat_id, message_id),
            sender=str((body.get("sender_chat") or body["from"])["id"]),
            at=at,
            kind="document" if "document" in body else "photo" if "photo" in body else "text",
            text=text,
            encrypted=False,
            content=body,
            reply_to=key_of(chat_id, reply["message_id"]) if reply else None,
            versions=[text],
            chat_id=chat_id,
            message_id=message_id,
            thread_id=body["message_thread_id"] if body.get("is_topic_message") else None,
            silent=silent,
            protected=bool(body.get("has_protected_content")),
        )
        self._key_in(seen, body)
        self.messages.append(seen)
        self._by_id[seen.event_id] = seen
        self._happened("message", seen, at)
        return seen

    def change(self, body: Content, *, at: int) -> None:
        """A message was edited: its text, its buttons or both."""
        seen = self.find(body["chat"]["id"], body["message_id"])
        if seen is None:
            return  # came before this person was in the chat
        seen.content = body
        text = words_of(body)
        if text != seen.text:
            seen.text = text
            seen.edits += 1
            seen.versions.append(text)
        self._key_in(seen, body)
        self._happened("edit", seen, at)

    def remove(self, chat_id: int, message_id: int, *, at: int) -> None:
        """A message was deleted for everybody."""
        seen = self.find(chat_id, message_id)
        if seen is not None and not seen.redacted:
            seen.redacted, seen.text, seen.rows = True, "", []
            self._happened("gone", seen, at)

    def find(self, chat_id: int, message_id: int) -> TelegramSeen | None:
        found = self._by_id.get(key_of(chat_id, message_id))
        return found if isinstance(found, TelegramSeen) else None

    def _key_in(self, seen: TelegramSeen, body: Content) -> None:
        seen.rows = (body.get("reply_markup") or {}).get("inline_keyboard", [])
        if seen.rows:
            seen.former.append(seen.keys)

    def _happened(self, what: What, seen: TelegramSeen, at: int) -> None:
        self._tell(what, {"origin_server_ts": at, "sender": seen.sender}, seen)
