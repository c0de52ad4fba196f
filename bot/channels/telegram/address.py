"""What we call a place there: a chat by its number, a topic in a forum by both numbers."""

from dataclasses import dataclass
from typing import Self

import telegram

BETWEEN = "/"


@dataclass(frozen=True)
class Address:
    """`-1000000000001/56` is topic 56 of that supergroup."""

    chat: int
    topic: int | None = None

    @classmethod
    def read(cls, room: str) -> Self:
        """Raises `ValueError` for what is no place of this messenger."""
        chat, _, topic = room.partition(BETWEEN)
        return cls(int(chat), int(topic) if topic else None)

    @classmethod
    def of(cls, message: telegram.MaybeInaccessibleMessage) -> Self:
        """Where a message stands. Of one that is out of our reach only the chat is told."""
        if isinstance(message, telegram.Message) and message.is_topic_message:
            return cls(message.chat.id, message.message_thread_id)
        return cls(message.chat.id)

    def __str__(self) -> str:
        return str(self.chat) if self.topic is None else f"{self.chat}{BETWEEN}{self.topic}"


def chat_of(room: str) -> str:
    """The chat that a place is in: the server's limits are the chat's."""
    return room.partition(BETWEEN)[0]
