"""People with a Telegram phone: they do what a thumb does."""

import itertools

from tests.kit.device import PhoneFailed
from tests.kit.telegram import account
from tests.kit.telegram.press import Press
from tests.kit.telegram.refusal import forbidden
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.writer import Writer

_queries = itertools.count(4_000_000_001)


class Person(Writer):
    """Somebody's phone."""

    async def starts(self, payload: str = "") -> TelegramSeen:
        """Press Start, by a link with `payload` if it is given; a block ends with it."""
        if self.blocked:
            await self.unblocks()
        self.started = True
        return await self.writes(f"/start {payload}".rstrip())

    async def taps(self, message: TelegramSeen, label: str, *, stale: bool = False) -> Press:
        """Press a button: by its label, its number (from 1), or a part of one label.

        `stale`: a button that stood there before, as on a phone that missed the edit.
        """
        button = message.button(label, stale=stale)
        if "callback_data" not in button:
            raise PhoneFailed(f"{label!r} only opens {button.get('url')}")
        press = Press(str(next(_queries)), button["callback_data"])
        self.presses.append(press)
        self._world.presses[press.id] = press
        chat = self._chat_of(message)
        post = chat.posts.get(message.message_id)
        gone = {"chat": chat.outline(), "message_id": message.message_id, "date": 0}
        self._world.updates.add(
            "callback_query",
            {
                "id": press.id,
                "from": self.user,
                "message": gone if post is None else post.body,
                "chat_instance": str(chat.id * 31),
                "data": press.data,
            },
        )
        return press

    async def reacts(self, message: TelegramSeen, emoji: str) -> None:
        """Put an emoji under a message; the bot hears it only if it asked for reactions."""
        self._world.updates.add(
            "message_reaction",
            {
                "chat": self._chat_of(message).outline(),
                "message_id": message.message_id,
                "user": self.user,
                "date": self._world.clock.seconds(),
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": emoji}],
            },
        )

    async def blocks(self) -> None:
        """Block the bot."""
        self.blocked = True
        self._turns("member", "kicked")

    async def unblocks(self) -> None:
        self.blocked = False
        self._turns("kicked", "member")

    # for the server

    def check_reachable(self) -> None:
        """Raises `Refused` when the bot may not write to this person."""
        if self.deactivated:
            raise forbidden("user is deactivated")
        if self.blocked:
            raise forbidden("bot was blocked by the user")
        if not self.started:
            raise forbidden("bot can't initiate conversation with a user")

    # inside

    def _turns(self, before: str, after: str) -> None:
        self._world.updates.add(
            "my_chat_member",
            {
                "chat": self.chat.outline(),
                "from": self.user,
                "date": self._world.clock.seconds(),
                "old_chat_member": account.member(self._world.bot, before, self.chat),
                "new_chat_member": account.member(self._world.bot, after, self.chat),
            },
        )
