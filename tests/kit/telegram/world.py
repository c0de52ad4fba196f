"""Everything that is behind the wire: chats, people, updates, the bot, and how posts reach all."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tests.kit.telegram import description
from tests.kit.telegram.chats import Chat, Chats, Post
from tests.kit.telegram.clock import Clock, wall_clock
from tests.kit.telegram.faults import Faults
from tests.kit.telegram.refusal import Json
from tests.kit.telegram.traffic import Limits, Traffic
from tests.kit.telegram.unjudged import Unjudged
from tests.kit.telegram.updates import Updates

if TYPE_CHECKING:
    from tests.kit.telegram.person import Person
    from tests.kit.telegram.press import Press

TOKEN = "7000000:AAFakeTokenOfNobodyForTestsOnly00000"
BOT_ID = 7_000_000
FIRST_PERSON = 7_000_001
EDITABLE = ("text", "entities", "caption", "caption_entities", "reply_markup")


class World:
    """The state of a Telegram. `violations` is what did not fit the description of the API."""

    def __init__(self, now: Callable[[], int] = wall_clock, *, judged: bool = True) -> None:
        self.judge = description if judged else Unjudged()
        self.clock = Clock(now)
        self.chats = Chats()
        self.people: dict[int, Person] = {}
        self.violations: list[str] = []
        self.updates = Updates(self.clock.now, self._check_update)
        self.faults = Faults()
        self.log = Traffic()
        self.presses: dict[str, Press] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: dict[str, list[Json]] = {}  # scope and language as JSON → the menu
        self.about: dict[tuple[str, str], str] = {}  # ("short" or "long", language) → text
        self.token = TOKEN
        self.limits: Limits | None = None  # set it, and who goes faster gets a 429
        self.webhook: Json = {"url": ""}
        self.bot: Json = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Kortelijn",
            "username": "kortelijn_test_bot",
        }
        self._people = itertools.count(FIRST_PERSON)

    def next_person(self) -> int:
        return next(self._people)

    def post(
        self,
        chat: Chat,
        sender: Json | None,
        content: Json,
        *,
        silent: bool = False,
        thread_id: int | None = None,
        as_topic: bool = False,
    ) -> Post:
        """Put a message into a chat and onto everybody's screen. `as_topic`: it makes a topic."""
        number = self.chats.next_number(chat)
        body: Json = {
            "message_id": number,
            "chat": chat.outline(),
            "date": self.clock.seconds(),
        }
        if sender is not None:
            body["from"] = sender
        thread_id = number if as_topic else thread_id
        if thread_id is not None:
            body |= {"message_thread_id": thread_id, "is_topic_message": True}
        body |= content
        post = Post(body, self.clock.now(), sender == self.bot, silent)
        chat.posts[number] = post
        for person in self.present(chat):
            person.gets(partial(person.screen.show, body, at=post.at, silent=silent))
        return post

    def change(self, chat: Chat, post: Post, content: Json) -> None:
        """Edit a message: `content` is all that can be edited of it from now on."""
        kept = {key: value for key, value in post.body.items() if key not in EDITABLE}
        post.body = kept | content | {"edit_date": self.clock.seconds()}
        for person in self.present(chat):
            person.gets(partial(person.screen.change, post.body, at=self.clock.now()))

    def remove(self, chat: Chat, message_id: int) -> None:
        """Delete a message for everybody."""
        del chat.posts[message_id]
        for person in self.present(chat):
            gone_at = self.clock.now()
            person.gets(partial(person.screen.remove, chat.id, message_id, at=gone_at))

    def keep_file(self, name: str, content: bytes) -> Json:
        """Store a file; returns how the API shows it."""
        file_id = f"BQACAgQAAx{len(self.files):06d}"
        self.files[file_id] = (name, content)
        return self.file(file_id)

    def file(self, file_id: str) -> Json:
        """A Document as the API shows it. `KeyError` when it is unknown."""
        name, content = self.files[file_id]
        unique = f"AgAD{file_id[-6:]}"
        about: Json = {"file_id": file_id, "file_unique_id": unique, "file_name": name}
        return about | {"file_size": len(content)}

    def present(self, chat: Chat) -> "list[Person]":
        """Who is in the chat, people only."""
        return [self.people[user] for user in chat.members if user in self.people]

    def _check_update(self, update: Json) -> None:
        self.violations += self.judge.update(update)
