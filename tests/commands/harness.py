"""The commands on a real database with messengers in memory: no server, no waiting.
Phones are objects: `desk["vt_fo"].says("alarm skm …")`, `desk["om_1"].expects("🔴 Alarm")`.
`settle()` runs inbox and outbox until both are empty; `advance()` moves the clock and fires
what became due on the way. Leaving the desk fails on any message that nobody expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.channels.base import (
    Buttons,
    Delivery,
    Erase,
    Fetch,
    FindUnsigned,
    Invite,
    OpenRoom,
    Remove,
    Say,
    SendFile,
    SendPicture,
    Update,
)
from bot.compose import Composed, Composer, chats_of
from commands.delivered import accepted, refused
from commands.files import read_document
from commands.handle_update import handle_update
from commands.keyboard import KEYBOARDS
from commands.timers import fire
from commands.update import TOO_LARGE
from commands.world import World
from config.load import Folder
from storage import leases, outbox, timers
from storage.store import Store, Unit
from storage.tables import OutboxRow
from tests.commands.instants import amsterdam

D = TypeVar("D", bound=Delivery)
MASTER = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw="
FRIDAY_HOSPITAL = amsterdam(2026, 7, 10, 15, 40)


@dataclass
class Shown:
    """A message as it stands on a screen."""

    room: str
    event_id: str
    text: str
    loud: bool
    buttons: tuple[str, ...] = ()
    expected: bool = False
    erased: bool = False
    edits: int = 0
    keyboard: tuple[tuple[str, str], ...] = ()  # (label, data), where buttons belong to messages


@dataclass
class Phone:
    """One person's view: what the bot posted in rooms they are in."""

    desk: "Desk"
    key: str
    address: str

    @property
    def direct(self) -> str:
        """The chat with the bot."""
        return self.desk.rooms_named[f"direct:{self.address}"]

    def screen(self, room: str | None = None) -> list[Shown]:
        """What stands in a room (the direct chat), oldest first."""
        where = room or self.direct
        return [each for each in self.desk.shown if each.room == where and not each.erased]

    async def says(self, text: str, room: str | None = None, **more: Any) -> None:
        """Type something and send it."""
        await self.desk.update("text", room or self.direct, self.address, text=text, **more)

    async def taps(self, label: str, on: Shown | None = None) -> str:
        """Press a button by its emoji, on a message or on the newest one that has it."""
        candidates = [each for each in self.screen() if label in each.buttons]
        message = on or (candidates[-1] if candidates else None)
        assert message is not None, f"{self.key} sees no button {label}: {self.report()}"
        return await self.desk.update(
            "tap", message.room, self.address, text=label, about=message.event_id
        )

    async def untaps(self, reaction: str) -> None:
        """Take a reaction away."""
        await self.desk.update("untap", self.direct, self.address, about=reaction)

    async def reads(self) -> None:
        """Look at the direct chat: a read receipt."""
        await self.desk.update("seen", self.direct, self.address, about=self.screen()[-1].event_id)

    def expects(self, fragment: str, room: str | None = None, *, loud: bool | None = None) -> Shown:
        """A message with these words stands there; from now on it is expected."""
        for message in reversed(self.screen(room)):
            if fragment in message.text and (loud is None or message.loud is loud):
                message.expected = True
                return message
        raise AssertionError(f"{self.key} does not see {fragment!r}: {self.report(room)}")

    def lacks(self, fragment: str, room: str | None = None) -> None:
        """No message with these words stands there."""
        found = [each.text for each in self.screen(room) if fragment in each.text]
        assert not found, f"{self.key} sees {found}"

    def report(self, room: str | None = None) -> str:
        """The screen, for a failing test."""
        lines = [f"{each.buttons} {each.text}" for each in self.screen(room)]
        return "\n---\n".join(["", *lines])


@dataclass
class Desk:
    """The bot without its loops, and everybody's phones."""

    store: Store
    world: World
    folder: Folder
    time: list[int]
    shown: list[Shown] = field(default_factory=list)
    files: list[SendFile] = field(default_factory=list)
    pictures: list[SendPicture] = field(default_factory=list)
    sent_files: dict[str, bytes] = field(default_factory=dict)  # what people sent, by its source
    erased: list[str] = field(default_factory=list)  # event ids of messages taken away
    members: dict[str, set[str]] = field(default_factory=dict)
    rooms_named: dict[str, str] = field(default_factory=dict)
    case_rooms: list[str] = field(default_factory=list)
    joins: bool = True  # phones accept invitations at once
    unsigned: dict[str, list[str]] = field(default_factory=dict)  # devices by address
    refuses: set[str] = field(default_factory=set)  # addresses whose chat refuses messages
    blocks: set[str] = field(default_factory=set)  # addresses that blocked us, or are deleted
    refuses_kinds: set[type[Delivery]] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)  # rooms that somebody deleted by hand
    keeps_all: bool = False  # nothing can be erased there any more
    deliveries: list[Delivery] = field(default_factory=list)
    _number: int = 0

    @property
    def now(self) -> int:
        """UTC epoch milliseconds."""
        return self.time[0]

    def __getitem__(self, key: str) -> Phone:
        return Phone(self, key, self.folder.people[key].matrix or "")

    def case_room(self) -> str:
        """The room of the newest case."""
        return self.case_rooms[-1]

    async def update(
        self,
        kind: str,
        room: str,
        sender: str,
        *,
        at: int | None = None,
        channel: str = "matrix",
        **more: Any,
    ) -> str:
        """Something happens on the messenger; then everything settles."""
        event = self.fresh_id()
        news = Update(event, kind, room, sender, self.now if at is None else at, **more)  # type: ignore[arg-type]
        async with self.store.unit() as unit:
            await handle_update(unit, self.world, channel, news)
        await self.settle()
        return event

    async def settle(self) -> None:
        """Send what waits, and let what follows from it happen, until nothing is left."""
        for _ in range(200):
            async with self.store.unit() as unit:
                rows = await leases.claim(unit, limit=50, lanes=outbox.HEADLINES)
                chats = await chats_of(unit, rows)
                composer = Composer(self.world)
                ready = [(row, await composer.compose(unit, row, chats)) for row in rows]
                for row, composed in ready:
                    if not isinstance(composed, Composed):
                        outbox.finish(unit, row, composed)
                        continue
                    await self._carry_out(unit, row, composed)
            if not rows and not await self._sweep():
                return
        raise AssertionError("the outbox never becomes empty")

    async def _sweep(self) -> bool:
        """Fire one timer that is due; False if none is."""
        async with self.store.unit() as unit:
            timer = next(iter(await timers.claim_due(unit, 1)), None)
            if timer is not None:
                await fire(unit, self.world, timer)
        return timer is not None

    async def advance(self, minutes: float) -> None:
        """Move the clock; timers fire at their own instants on the way."""
        end = self.now + int(minutes * 60_000)
        while True:
            async with self.store.view() as unit:
                due = await timers.next_due(unit)
            if due is None or due > end:
                break
            self.time[0] = max(self.now, due)
            await self.settle()
        self.time[0] = end

    def nothing_unexpected(self) -> None:
        """Every message of the bot was expected by somebody."""
        stray = [each.text for each in self.shown if not each.expected and not each.erased]
        assert not stray, "nobody expected:\n" + "\n---\n".join(stray)

    def expect_so_far(self) -> None:
        """What was shown until now is not what this test is about."""
        for message in self.shown:
            message.expected = True

    def fresh_id(self) -> str:
        """An event or room id."""
        self._number += 1
        return f"${self._number}"

    async def _carry_out(self, unit: Unit, row: OutboxRow, composed: Composed) -> None:
        address, delivery = self._owner(composed.room), composed.delivery
        if address in self.blocks:
            await refused(unit, self.world, row, "blocked")
            return
        if address in self.refuses or type(delivery) in self.refuses_kinds:
            await refused(unit, self.world, row, "forbidden")
            return
        if composed.room in self.gone:
            await refused(unit, self.world, row, "no such room", gone=True)
            return
        self.deliveries.append(delivery)
        ids = self._do(composed.delivery)
        if row.channel in KEYBOARDS and isinstance(delivery, Say) and delivery.replaces:
            ids = (delivery.replaces,)  # an edit there is the same message
        stays = ids if self.keeps_all and isinstance(delivery, Erase) else ()
        meaning, room, read = composed.meaning, composed.room, None
        if isinstance(delivery, Fetch):
            content = self.sent_files.get(delivery.source, b"")
            if len(content) > delivery.most_bytes:
                await refused(unit, self.world, row, TOO_LARGE)
                return
            read = await read_document(unit, self.world, row.destination, meaning, content)
        await accepted(unit, self.world, row, meaning, room, ids, remains=stays, understood=read)
        if self.joins and isinstance(composed.delivery, OpenRoom):
            await unit.session.flush()
            for user in composed.delivery.invite:
                await self._join(unit, ids[0], user)
        if self.joins and isinstance(composed.delivery, Invite):
            await self._join(unit, composed.room, composed.delivery.user)

    def carried(self, kind: type[D]) -> list[D]:
        return [each for each in self.deliveries if isinstance(each, kind)]

    async def _join(self, unit: Unit, room: str, user: str) -> None:
        self.members[room].add(user)
        news = Update(self.fresh_id(), "joined", room, user, self.now)
        await handle_update(unit, self.world, "matrix", news)

    def _owner(self, room: str) -> str:
        names = [name for name, known in self.rooms_named.items() if known == room]
        return names[0].removeprefix("direct:") if names else ""

    def _do(self, delivery: Delivery) -> Sequence[str]:
        fresh = self.fresh_id()
        match delivery:
            case OpenRoom(_, name, invite, direct):
                room = f"!{fresh}"
                self.members[room] = set()
                self.rooms_named[f"direct:{invite[0]}" if direct else name] = room
                self.case_rooms += [room] if not direct and len(name) == 4 else []
                return (room,)
            case Say(room, _, text, loud, replaces):
                old = next((each for each in self.shown if each.event_id == replaces), None)
                if old is not None:
                    old.text, old.edits = text, old.edits + 1
                    old.keyboard = delivery.keyboard
                else:
                    self.shown.append(Shown(room, fresh, text, loud, keyboard=delivery.keyboard))
            case Buttons(_, _, about, emoji):
                message = next(each for each in self.shown if each.event_id == about)
                message.buttons = emoji
                return tuple(self.fresh_id() for _ in emoji)
            case Erase(_, _, about):
                self.erased.append(about)
                for each in self.shown:
                    each.erased = each.erased or each.event_id == about
            case FindUnsigned(_, _, user):
                return tuple(self.unsigned.get(user, ()))
            case SendFile():
                self.files.append(delivery)
            case SendPicture():
                self.pictures.append(delivery)
            case Remove(room, _, user):
                self.members.setdefault(room, set()).discard(user)
        return (fresh,)
