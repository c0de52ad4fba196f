"""What we must know of a room before we speak in it: who is there, and who may read.

Only rooms that we lately spoke in are known. The server is asked for any other before its next
message, so that a start takes as long with ten thousand rooms as with ten (1.0 s for the state of
200 rooms, measured), and memory does not grow with every case.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from bot.channels.matrix.homeserver import Homeserver, Trouble, part

# said once and for ever in the creation event, so that it outlives our own state
SIGNED_ONLY = "nl.kortelijn.signed_devices_only"
PRESENT = ("invite", "join")
REST_S = 300.0  # a case speaks more often while somebody is being called
ALWAYS_KNOWN = 100  # of the rooms at rest, those that we spoke in last
FETCHES = 5
AGAIN_MS = 1_000


@dataclass
class Room:
    creator: str = ""
    encrypted: bool = False
    signed_only: bool = False
    members: dict[str, str] = field(default_factory=dict)  # user -> invite or join
    learned_at: float = 0.0  # monotonic
    doubtful: bool = False  # whether news came that may be older, or newer, than what we learned
    used_at: float = field(default_factory=monotonic)

    def apply(self, event: dict[str, Any]) -> None:
        """Take in a state event. Raises nothing: state of others may be malformed."""
        content = event.get("content")
        key = event.get("state_key")
        if not isinstance(content, dict) or not isinstance(key, str):
            return
        match event.get("type"):
            case "m.room.create":
                self.creator = str(event.get("sender", ""))
                self.signed_only = content.get(SIGNED_ONLY) is True
            case "m.room.encryption":
                self.encrypted = True  # cannot be undone
            case "m.room.member":
                membership = content.get("membership")
                if membership in PRESENT:
                    self.members[key] = membership
                else:
                    self.members.pop(key, None)


@dataclass(eq=False)
class _Question:
    """The state of a room, asked for and not answered yet."""

    overtaken: bool = False


class Rooms:
    """Rooms that the bot is in, as far as it must know them now."""

    def __init__(self, homeserver: Homeserver) -> None:
        self._homeserver = homeserver
        self._rooms: OrderedDict[str, Room] = OrderedDict()  # last used last
        self._encrypted: set[str] = set()  # no later answer can make us speak in clear there
        self._questions: dict[str, set[_Question]] = {}
        self._forgotten: list[Callable[[str], None]] = []
        self._left: list[Callable[[str], None]] = []

    def when_forgotten(self, do: Callable[[str], None]) -> None:
        """Call this with each room that we need not know any longer."""
        self._forgotten.append(do)

    def when_left(self, do: Callable[[str], None]) -> None:
        """Call this with each room that we are in no more."""
        self._left.append(do)

    def everybody(self) -> set[str]:
        """In the rooms that we know."""
        return {user for room in self._rooms.values() for user in room.members}

    def made(
        self, room_id: str, creator: str, invited: Iterable[str], *, signed_only: bool
    ) -> None:
        """We made it just now: no need to wait until the sync tells us."""
        room = self._rooms.get(room_id) or Room()
        room.creator, room.encrypted, room.signed_only = creator, True, signed_only
        room.members = dict.fromkeys(invited, "invite") | room.members | {creator: "join"}
        self._keep(room_id, room)

    def came(self, room_id: str, user: str) -> None:
        """We invited somebody."""
        self._overtake(room_id)
        if room := self._rooms.get(room_id):
            room.members.setdefault(user, "invite")

    def went(self, room_id: str, user: str) -> None:
        """We removed somebody: the next message has a new key."""
        self._overtake(room_id)
        if room := self._rooms.get(room_id):
            room.members.pop(user, None)
            room.learned_at = monotonic()

    def apply(self, room_id: str, events: Iterable[dict[str, Any]], asked_at: float) -> None:
        """What a sync told that was asked for at this `monotonic` moment. If we learned of the
        room in between, nobody can say which is newer: the next message in it asks again."""
        told = [event for event in events if isinstance(event.get("state_key"), str)]
        if not told:
            return
        self._overtake(room_id)
        room = self._rooms.get(room_id)
        if room is None:
            if not any(event.get("type") == "m.room.create" for event in told):
                return
            room = Room()  # new to us: the server tells all of it
        elif room.learned_at > asked_at:
            room.doubtful = True
            return
        for event in told:
            room.apply(event)
        self._keep(room_id, room)

    def left(self, room_id: str) -> None:
        """We are there no more."""
        self._forget(room_id)
        for do in self._left:
            do(room_id)

    def _forget(self, room_id: str) -> None:
        """We have been silent for long; who is there is asked anew before we speak again."""
        self._rooms.pop(room_id, None)
        for do in self._forgotten:
            do(room_id)

    async def ready(self, room_id: str) -> Room:
        """The room with its members, asked from the server if need be. Raises `Trouble`."""
        room = self._rooms.get(room_id)
        if room is None or room.doubtful:
            room = await self.fetch(room_id)
        room.used_at = monotonic()
        self._rooms.move_to_end(room_id)
        self._forget_who_rest()
        return room

    async def fetch(self, room_id: str) -> Room:
        """The present state of a room, asked from the server. Raises `Trouble`."""
        for _ in range(FETCHES):
            question = _Question()
            self._questions.setdefault(room_id, set()).add(question)
            try:
                told, encrypted = await self._state(room_id)
            finally:
                self._questions[room_id].discard(question)
                if not self._questions[room_id]:
                    del self._questions[room_id]
            if question.overtaken:
                continue
            room = Room(learned_at=monotonic(), encrypted=encrypted)
            for event in told:
                room.apply(event)
            self._keep(room_id, room)
            return room
        raise Trouble("limited", "it changed at each question", after_ms=AGAIN_MS)

    async def _state(self, room_id: str) -> tuple[list[dict[str, Any]], bool]:
        base = f"client/v3/rooms/{part(room_id)}"
        create, members, encrypted = await asyncio.gather(
            self._homeserver.call("GET", f"{base}/state/m.room.create/", query={"format": "event"}),
            self._homeserver.call("GET", f"{base}/members"),
            self._is_encrypted(room_id),
        )
        return [create, *members.get("chunk", [])], encrypted

    async def _is_encrypted(self, room_id: str) -> bool:
        if room_id in self._encrypted:
            return True
        path = f"client/v3/rooms/{part(room_id)}/state/m.room.encryption/"
        try:
            await self._homeserver.call("GET", path)
        except Trouble as trouble:
            if trouble.code != "M_NOT_FOUND":
                raise
            return False
        return True

    def _keep(self, room_id: str, room: Room) -> None:
        self._rooms[room_id] = room
        if room.encrypted:
            self._encrypted.add(room_id)

    def _overtake(self, room_id: str) -> None:
        for question in self._questions.get(room_id, ()):
            question.overtaken = True

    def _forget_who_rest(self) -> None:
        while len(self._rooms) > ALWAYS_KNOWN:
            room_id, room = next(iter(self._rooms.items()))
            if room.used_at > monotonic() - REST_S:
                return
            self._forget(room_id)
