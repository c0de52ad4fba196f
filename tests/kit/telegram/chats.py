"""The chats that exist, who is in them, and what stands in them."""

import itertools
from dataclasses import dataclass, field

from tests.kit.telegram.refusal import Json, bad_request

FIRST_GROUP = -4_000_001
FIRST_SUPERGROUP = -1_002_000_000_001


@dataclass(eq=False)
class Post:
    """A message as the server keeps it. `at`: UTC epoch milliseconds of its sending."""

    body: Json
    at: int
    by_bot: bool
    silent: bool = False

    @property
    def message_id(self) -> int:
        number: int = self.body["message_id"]
        return number

    @property
    def thread_id(self) -> int | None:
        return self.body.get("message_thread_id") if self.body.get("is_topic_message") else None


@dataclass
class Topic:
    """A topic of a forum; its number is that of the message that made it."""

    number: int
    name: str
    closed: bool = False


@dataclass(eq=False)
class Chat:
    """A private chat with the bot, a group or a supergroup. Statuses as the API names them."""

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)  # user id → status
    banned: set[int] = field(default_factory=set)  # user ids
    bot_status: str = "member"
    posts: dict[int, Post] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    person: Json = field(default_factory=dict)  # a private chat's other side

    def outline(self) -> Json:
        """As the API shows it in a message."""
        if self.type == "private":
            names = {key: self.person[key] for key in ("first_name", "username")}
            return {"id": self.id, "type": "private", **names}
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": self.type, "title": self.title, **forum}

    @property
    def bot_is_admin(self) -> bool:
        return self.bot_status == "administrator"


class Chats:
    """All chats by number. Message numbers count as Telegram's do: one row for private chats
    and groups together, a row of its own for each supergroup.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, Chat] = {}
        self._groups = itertools.count(FIRST_GROUP, -1)
        self._supergroups = itertools.count(FIRST_SUPERGROUP, -1)
        self._common = itertools.count(101)
        self._own: dict[int, itertools.count[int]] = {}

    def add_private(self, person: Json) -> Chat:
        chat = Chat(person["id"], "private", person=person, members={person["id"]: "member"})
        self._by_id[chat.id] = chat
        return chat

    def add_group(self, title: str, *, kind: str, is_forum: bool = False) -> Chat:
        number = next(self._groups if kind == "group" else self._supergroups)
        chat = Chat(number, kind, title, is_forum)
        self._by_id[number] = chat
        return chat

    def __iter__(self) -> "itertools.chain[Chat]":
        return itertools.chain(self._by_id.values())

    def get(self, chat_id: int) -> Chat | None:
        return self._by_id.get(chat_id)

    def known(self, chat_id: object) -> Chat:
        """The chat of a request. Raises `Refused`."""
        chat = self._by_id.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def next_number(self, chat: Chat) -> int:
        """The number for the chat's next message."""
        if chat.type != "supergroup":
            return next(self._common)
        return next(self._own.setdefault(chat.id, itertools.count(2)))
