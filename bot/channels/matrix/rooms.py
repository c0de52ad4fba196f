"""What we must know of a room before we speak in it: who is there, and who may read."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.channels.matrix.homeserver import Homeserver, Trouble, part

# said once and for ever in the creation event, so that it outlives our own state
SIGNED_ONLY = "nl.kortelijn.signed_devices_only"
PRESENT = ("invite", "join")


@dataclass
class Room:
    creator: str = ""
    encrypted: bool = False
    signed_only: bool = False
    members: dict[str, str] = field(default_factory=dict)  # user -> invite or join

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


class Rooms:
    """All rooms that the bot is in."""

    def __init__(self, homeserver: Homeserver) -> None:
        self._homeserver = homeserver
        self._rooms: dict[str, Room] = {}

    def known(self, room_id: str) -> Room:
        """The room as far as it was told; an empty one if nothing was told yet."""
        return self._rooms.setdefault(room_id, Room())

    def apply(self, room_id: str, events: Iterable[dict[str, Any]]) -> None:
        room = self.known(room_id)
        for event in events:
            room.apply(event)

    def forget(self, room_id: str) -> None:
        self._rooms.pop(room_id, None)

    def everybody(self) -> set[str]:
        return {user for room in self._rooms.values() for user in room.members}

    async def ready(self, room_id: str) -> Room:
        """The room with its members, asked from the server if need be. Raises `Trouble`."""
        room = self.known(room_id)
        if not room.creator:
            await self.fetch(room_id)
        return self.known(room_id)

    async def fetch(self, room_id: str) -> Room:
        """Ask for the present state of a room that no sync told us of yet. Raises `Trouble`."""
        base = f"client/v3/rooms/{part(room_id)}"
        create, members = await asyncio.gather(
            self._homeserver.call("GET", f"{base}/state/m.room.create/", query={"format": "event"}),
            self._homeserver.call("GET", f"{base}/members"),
        )
        try:
            await self._homeserver.call("GET", f"{base}/state/m.room.encryption/")
            encrypted = True
        except Trouble as trouble:
            if trouble.code != "M_NOT_FOUND":
                raise
            encrypted = False
        room = self.known(room_id)
        room.encrypted = room.encrypted or encrypted
        self.apply(room_id, [create, *members.get("chunk", [])])
        return room
