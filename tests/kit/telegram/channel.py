"""Channels: a sender that is no person."""

from typing import TYPE_CHECKING

from tests.kit.telegram.refusal import Json
from tests.kit.telegram.sending import said

if TYPE_CHECKING:
    from tests.kit.telegram.group import Group
    from tests.kit.telegram.world import World

STAND_IN: Json = {
    "id": 136_817_688,
    "is_bot": True,
    "first_name": "Channel",
    "username": "Channel_Bot",
}


class Channel:
    """A channel that has the bot as a member."""

    def __init__(self, world: "World", title: str) -> None:
        self._world = world
        self.chat = world.chats.add_group(title, kind="channel")

    @property
    def id(self) -> int:
        return self.chat.id

    def posts(self, text: str) -> None:
        """Something appears in the channel itself."""
        sender = {"sender_chat": self.chat.outline()}
        post = self._world.post(self.chat, None, sender | said(text))
        self._world.updates.add("channel_post", post.body)

    def writes(self, text: str, *, chat: "Group") -> None:
        """Somebody writes in a group in the channel's name."""
        sender = {"sender_chat": self.chat.outline()}
        post = self._world.post(chat.chat, STAND_IN, sender | said(text))
        self._world.updates.add("message", post.body)
