"""The writing half of a Telegram phone: messages into chats, groups and topics."""

from typing import TYPE_CHECKING

from tests.kit.device import PhoneFailed
from tests.kit.telegram.chats import Chat, Post
from tests.kit.telegram.device import Device
from tests.kit.telegram.press import Press
from tests.kit.telegram.refusal import Json
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.sending import quoted, said

if TYPE_CHECKING:
    from tests.kit.telegram.group import Group
    from tests.kit.telegram.world import World


class Writer(Device):
    """Somebody who writes. Their `id` is also the number of their chat with the bot."""

    def __init__(
        self, world: "World", name: str, *, language: str = "nl", is_bot: bool = False
    ) -> None:
        super().__init__(world, name)
        self.id = world.next_person()
        self.user: Json = {
            "id": self.id,
            "is_bot": is_bot,
            "first_name": name,
            "username": f"{name}_{self.id}",
            "language_code": language,
        }
        self.chat: Chat = world.chats.add_private(self.user)
        self.started = False
        self.blocked = False
        self.deactivated = False
        self.presses: list[Press] = []

    async def writes(
        self,
        text: str,
        *,
        chat: "Group | None" = None,
        thread: int | None = None,
        reply_to: TelegramSeen | None = None,
    ) -> TelegramSeen:
        """Write to the bot, or in a group or one of its topics."""
        content = said(text)
        if reply_to is not None:
            post = self._post_of(reply_to)
            content |= {"reply_to_message": quoted(post.body)}
        return self._posts(self._room(chat), content, thread)

    async def forwards(
        self,
        what: TelegramSeen | str,
        *,
        by: "Writer | None" = None,
        chat: "Group | None" = None,
        thread: int | None = None,
    ) -> TelegramSeen:
        """Pass on a message, or a text that `by` wrote somewhere else."""
        if isinstance(what, TelegramSeen) and what.protected:
            raise PhoneFailed(f"{what} cannot be forwarded")
        text = what if isinstance(what, str) else what.text
        author = by.user if by is not None else self.user
        if isinstance(what, TelegramSeen):
            author = self._post_of(what).body["from"]
        origin = {"type": "user", "date": self._world.clock.seconds(), "sender_user": author}
        return self._posts(self._room(chat), said(text) | {"forward_origin": origin}, thread)

    async def sends_photo(
        self, caption: str = "", *, chat: "Group | None" = None, thread: int | None = None
    ) -> TelegramSeen:
        """Send a photograph (of nothing)."""
        size = {"file_id": "AgACAgQAAx", "file_unique_id": "AQAD", "width": 90, "height": 90}
        content: Json = {"photo": [size | {"file_size": 1200}]}
        return self._posts(
            self._room(chat), content | ({"caption": caption} if caption else {}), thread
        )

    async def sends_file(
        self, name: str, content: bytes, *, chat: "Group | None" = None, thread: int | None = None
    ) -> TelegramSeen:
        """Send a document."""
        document = self._world.keep_file(name, content)
        return self._posts(self._room(chat), {"document": document}, thread)

    async def edits(self, message: TelegramSeen, text: str) -> None:
        """Change an own message."""
        chat, post = self._chat_of(message), self._post_of(message)
        if post.body["from"]["id"] != self.id:
            raise PhoneFailed(f"{self.name} did not write {message}")
        self._world.change(chat, post, said(text))
        self._tells_bot("edited_message", chat, post)

    async def deletes(self, message: TelegramSeen) -> None:
        """Delete a message for both sides; a bot is not told."""
        self._world.remove(self._chat_of(message), self._post_of(message).message_id)

    def _room(self, group: "Group | None") -> Chat:
        if group is None:
            if not self.started or self.blocked:
                raise PhoneFailed(f"{self.name} has no talk with the bot: not started, or blocked")
            return self.chat
        if self.id not in group.chat.members:
            raise PhoneFailed(f"{self.name} is not in {group.chat.title}")
        return group.chat

    def _posts(self, chat: Chat, content: Json, thread: int | None) -> TelegramSeen:
        if thread is not None and thread not in chat.topics:
            raise PhoneFailed(f"no topic {thread} in {chat.title}")
        if thread is not None and chat.topics[thread].closed and chat.members[self.id] == "member":
            raise PhoneFailed(f"topic {thread} in {chat.title} is closed")
        post = self._world.post(chat, self.user, content, thread_id=thread)
        self._tells_bot("message", chat, post)
        seen = self.screen.find(chat.id, post.message_id)
        assert seen is not None
        return seen

    def _tells_bot(self, kind: str, chat: Chat, post: Post) -> None:
        """An update, if the bot gets to see it: in groups, a plain member sees little."""
        if chat.bot_status in ("left", "kicked"):
            return
        body = post.body
        to_bot = body.get("reply_to_message", {}).get("from", {}).get("id") == self._world.bot["id"]
        named = f"@{self._world.bot['username']}" in body.get("text", "")
        command = body.get("text", "").startswith("/")
        if chat.type == "private" or chat.bot_is_admin or to_bot or named or command:
            self._world.updates.add(kind, body)

    def _chat_of(self, message: TelegramSeen) -> Chat:
        return self._world.chats.known(message.chat_id)

    def _post_of(self, message: TelegramSeen) -> Post:
        post = self._chat_of(message).posts.get(message.message_id)
        if post is None:
            raise PhoneFailed(f"{message} is not there any more")
        return post
