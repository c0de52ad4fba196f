"""Groups and forums, and what people do with them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.kit.device import PhoneFailed
from tests.kit.telegram import account, topics
from tests.kit.telegram.chats import Chat, Topic
from tests.kit.telegram.refusal import Json

if TYPE_CHECKING:
    from tests.kit.telegram.person import Person
    from tests.kit.telegram.world import World


class Group:
    """A group as tests speak of it; the chat behind it changes when it is upgraded."""

    def __init__(self, world: "World", chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @classmethod
    def made(
        cls,
        world: "World",
        title: str,
        people: "Iterable[Person]",
        *,
        kind: str,
        bot: str,
        is_forum: bool = False,
    ) -> "Group":
        """A new group; its first person is the owner."""
        chat = world.chats.add_group(title, kind=kind, is_forum=is_forum)
        for person in people:
            chat.members[person.id] = "member" if chat.members else "creator"
        chat.bot_status = "left"
        group = cls(world, chat)
        if bot != "left":
            group.sets_bot(bot)
        return group

    @property
    def id(self) -> int:
        """The chat's number now."""
        return self.chat.id

    @property
    def topics(self) -> list[Topic]:
        """The topics that stand, oldest first."""
        return list(self.chat.topics.values())

    def topic(self, name: str) -> Topic:
        """The newest topic of which the name contains this."""
        return [topic for topic in self.topics if name in topic.name][-1]

    def sets_bot(self, status: str, by: "Person | None" = None) -> None:
        """Make the bot a member, an administrator, or put it out ("kicked")."""
        who = by.user if by is not None else self._owner()
        before, self.chat.bot_status = self.chat.bot_status, status
        self._world.updates.add(
            "my_chat_member", self._changed(who, self._world.bot, before, status)
        )

    def joins(self, person: "Person") -> None:
        """Somebody comes in."""
        if person.id in self.chat.banned:
            raise PhoneFailed(f"{person.name} is banned from {self.chat.title}")
        self._moves(person, "member", {"new_chat_members": [person.user]})

    def leaves(self, person: "Person") -> None:
        """Somebody goes."""
        self._moves(person, "left", {"left_chat_member": person.user})

    def upgrades(self) -> int:
        """The group becomes a supergroup with another number, which is returned."""
        old = self.chat
        new = self._world.chats.add_group(old.title, kind="supergroup")
        new.members, new.bot_status = dict(old.members), old.bot_status
        owner = self._owner()
        self._service(old, owner, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self.chat = new
        self._service(new, owner, {"migrate_from_chat_id": old.id})
        return new.id

    def loses_topic(self, topic: Topic) -> None:
        """Somebody deletes a topic by hand; a bot is not told."""
        topics.erase_topic(self._world, self.chat, topic.number)

    def _owner(self) -> Json:
        return next((person.user for person in self._world.present(self.chat)), self._world.bot)

    def _moves(self, person: "Person", status: str, told: Json) -> None:
        before = self.chat.members.get(person.id, "left")
        if status == "left":
            self._service(self.chat, person.user, told)
            self.chat.members.pop(person.id, None)
        else:
            self.chat.members[person.id] = status
            self._service(self.chat, person.user, told)
        if self.chat.bot_is_admin:
            change = self._changed(person.user, person.user, before, status)
            self._world.updates.add("chat_member", change)

    def _service(self, chat: Chat, sender: Json, content: Json) -> None:
        post = self._world.post(chat, sender, content, silent=True)
        if chat.bot_status not in ("left", "kicked"):
            self._world.updates.add("message", post.body)

    def _changed(self, by: Json, user: Json, before: str, after: str) -> Json:
        return {
            "chat": self.chat.outline(),
            "from": by,
            "date": self._world.clock.seconds(),
            "old_chat_member": account.member(user, before, self.chat),
            "new_chat_member": account.member(user, after, self.chat),
        }
