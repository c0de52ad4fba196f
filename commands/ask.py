"""One request to the bot: who asks, where, about which case, with which words."""

from dataclasses import dataclass, field
from typing import Literal

from commands.messages import Action, Message
from commands.people import Known
from commands.places import case_place, place_of
from commands.tell import How, amend, tell_identity, tell_room
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Case, Post

Where = Literal["direct", "case", "group"]


@dataclass
class Ask:
    """What a command works on. Everything it does happens in `unit`."""

    unit: Unit
    world: World
    who: Known
    where: Where
    channel: str
    room: str
    event_id: str  # the message or reaction that asks
    received_at: int  # UTC epoch milliseconds: when the messenger's server had it
    words: str = ""  # what was typed behind the command
    line: str = ""  # the whole of what was typed, as it was
    argument: str = ""  # what the pressed button carries
    pressed: bool = False
    case: Case | None = None
    post: Post | None = None  # the message whose button was pressed or that was replied to
    role: str = field(default="")

    @property
    def about(self) -> Case:
        """The case; only for commands that are declared to need one."""
        if self.case is None:
            raise LookupError("this command was asked without a case")
        return self.case

    async def answer(
        self,
        message: Message,
        *,
        actions: tuple[Action, ...] = (),
        slot: str | None = None,
        loud: bool = False,
    ) -> None:
        """Reply where it was asked; from the group room in that messenger's direct chat."""
        if self.where == "case" and self.case is not None:
            await tell_room(
                self.unit,
                self.case,
                message,
                actions=actions,
                slot=slot,
                loud=loud,
                lane=outbox.ANSWERS,
            )
        else:
            how = How(loud, outbox.ANSWERS, self.case)
            tell_identity(
                self.unit, self.who.identity, message, actions=actions, slot=slot, how=how
            )

    async def settle(self, message: Message, actions: tuple[Action, ...] = ()) -> None:
        """Change the message whose button was pressed; a tap gets no new message.

        Typed words get an answer of their own.
        """
        if self.post is not None and self.pressed:
            await amend(self.unit, self.post, message, actions, self.case)
        else:
            slot = f"{self.post.slot}" if self.post is not None and actions else None
            await self.answer(message, actions=actions, slot=slot)

    @property
    def place(self) -> str:
        """The destination in which the request was made."""
        if self.where == "case" and self.case is not None:
            return case_place(self.case)
        return self.own_chat

    @property
    def own_chat(self) -> str:
        """The direct chat of whoever asks, on the messenger on which it was asked."""
        return place_of(self.who.identity)

    async def log(self, action: str, what: str, right: str) -> None:
        """A line in the access log about what this request does."""
        actor = Actor.of(self.who.person, self.role or "known", self.channel)
        reference = self.case.reference if self.case else None
        await note(self.unit, actor, action, what, right=right, reference=reference)
