"""Makes a private encrypted room, once per key, whatever happens in between."""

import asyncio
import hashlib
from typing import Any

import structlog

from bot.channels.base import OpenRoom
from bot.channels.matrix.crypto import MEGOLM
from bot.channels.matrix.homeserver import Homeserver, Trouble, part
from bot.channels.matrix.rooms import PRESENT, SIGNED_ONLY, Room, Rooms

log = structlog.get_logger(__name__)

BOT_LEVEL = 100
MODERATOR_LEVEL = 50
# only the bot changes a room; calls go through the link that the bot posts
CALL_EVENTS = (
    "m.call.invite",
    "m.call.candidates",
    "m.call.answer",
    "m.call.hangup",
    "m.call.negotiate",
    "m.call.notify",
    "m.call.member",
    "org.matrix.msc3401.call",
    "org.matrix.msc3401.call.member",
    "im.vector.modular.widgets",
)
HALF_MADE_REST_S = (0.5, 1.0, 2.0)  # a room takes Synapse some tenths of a second
AGAIN_MS = 100
CREATOR_IS_ABOVE_LEVELS = 12  # from this room version on the creator may not be listed


class RoomMaker:
    def __init__(self, homeserver: Homeserver, user: str, rooms: Rooms) -> None:
        self._homeserver = homeserver
        self._user = user
        self._rooms = rooms
        self._creator_listed: bool | None = None

    async def open(self, wish: OpenRoom) -> str:
        """The id of the one room with this key, with everybody invited. Raises `Trouble`.

        The key's hash is the room's alias: whoever comes second finds the first one's room.
        """
        alias = "kl-" + hashlib.sha256(wish.key.encode()).hexdigest()[:16]
        body = await self._creation(wish, alias)
        try:
            answer = await self._homeserver.call(
                "POST", "client/v3/createRoom", body, within_s=self._homeserver.patience.create_s
            )
        except Trouble as trouble:
            if trouble.kind != "refused":
                raise
            return await self._found(wish, alias, trouble)
        room_id = str(answer["room_id"])
        self._rooms.made(room_id, self._user, wish.invite, signed_only=wish.signed_only)
        return room_id

    async def _found(self, wish: OpenRoom, alias: str, refusal: Trouble) -> str:
        """The room that an earlier try made, also if that try failed half-way."""
        server = self._user.partition(":")[2]
        path = f"client/v3/directory/room/{part(f'#{alias}:{server}')}"
        try:
            answer = await self._homeserver.call("GET", path)
        except Trouble as trouble:
            raise (refusal if trouble.kind == "refused" else trouble) from trouble
        room_id = str(answer["room_id"])
        room = await self._entered(room_id)
        if room is None:
            log.warning("room_made_half", room=room_id)
            await self._homeserver.call("DELETE", path)
            raise Trouble("limited", "the room was made half: once more", after_ms=AGAIN_MS)
        if room.creator != self._user:  # somebody else took our alias
            raise Trouble("refused", "the room with our alias is not ours")
        refused = []
        for user in wish.invite:
            if room.members.get(user) in PRESENT:
                continue
            try:
                await self.invite(room_id, user)
            except Trouble as trouble:
                if trouble.kind != "refused":
                    raise
                refused.append(trouble)
                log.warning("invitation refused", room=room_id, user=user, reason=trouble.reason)
        if refused and len(refused) == len(wish.invite):
            raise refused[0]  # a room for nobody
        return room_id

    async def _entered(self, room_id: str) -> Room | None:
        """The room, or none if we are not in it: a server that died while it made the room
        leaves the name and no way in. One that still makes it is waited for."""
        for rest_s in (*HALF_MADE_REST_S, None):
            try:
                room = await self._rooms.fetch(room_id)
            except Trouble as trouble:
                if trouble.code != "M_FORBIDDEN":
                    raise
            else:
                if room.creator != self._user or room.members.get(self._user) == "join":
                    return room
            if rest_s is not None:
                await asyncio.sleep(rest_s)
        return None

    async def invite(self, room_id: str, user: str) -> None:
        """Invite, or nothing if the user is already there. Raises `Trouble`."""
        path = f"client/v3/rooms/{part(room_id)}/invite"
        try:
            await self._homeserver.call("POST", path, {"user_id": user})
        except Trouble as trouble:
            if trouble.kind != "refused" or await self._membership(room_id, user) not in PRESENT:
                raise
        self._rooms.came(room_id, user)

    async def remove(self, room_id: str, user: str) -> None:
        """Take somebody out or an invitation back, or nothing if not there. Raises `Trouble`."""
        path = f"client/v3/rooms/{part(room_id)}/kick"
        try:
            await self._homeserver.call("POST", path, {"user_id": user})
        except Trouble as trouble:
            if trouble.kind != "refused" or await self._membership(room_id, user) in PRESENT:
                raise
        self._rooms.went(room_id, user)

    async def is_in(self, room_id: str, user: str) -> bool:
        """Whether they joined this room, as the server has it now. Raises `Trouble`."""
        return await self._membership(room_id, user) == "join"

    async def enter(self, room_id: str) -> None:
        """Accept an invitation. Raises `Trouble`."""
        await self._homeserver.call("POST", f"client/v3/rooms/{part(room_id)}/join", {})

    async def leave(self, room_id: str) -> None:
        """Leave and forget, or nothing if we are not there. Raises `Trouble`."""
        for step in ("leave", "forget"):
            try:
                path = f"client/v3/rooms/{part(room_id)}/{step}"
                await self._homeserver.call("POST", path, {})
            except Trouble as trouble:
                if trouble.kind != "refused":
                    raise
        self._rooms.left(room_id)

    async def _membership(self, room_id: str, user: str) -> str:
        path = f"client/v3/rooms/{part(room_id)}/state/m.room.member/{part(user)}"
        try:
            content = await self._homeserver.call("GET", path)
        except Trouble as trouble:
            if trouble.code == "M_NOT_FOUND":
                return ""
            raise
        return str(content.get("membership", ""))

    async def _creation(self, wish: OpenRoom, alias: str) -> dict[str, Any]:
        users = dict.fromkeys(wish.moderators, MODERATOR_LEVEL)
        if await self._lists_creator():
            users[self._user] = BOT_LEVEL
        levels = {
            "users": users,
            "users_default": 0,
            "events_default": 0,
            "state_default": BOT_LEVEL,
            "events": dict.fromkeys(CALL_EVENTS, BOT_LEVEL),
            "invite": BOT_LEVEL,
            "kick": BOT_LEVEL,
            "ban": BOT_LEVEL,
            "redact": MODERATOR_LEVEL,
            "notifications": {"room": BOT_LEVEL},
        }
        return {
            "preset": "private_chat",
            "visibility": "private",
            "name": wish.name,
            "room_alias_name": alias,
            "invite": list(wish.invite),
            "is_direct": wish.direct,
            "creation_content": {SIGNED_ONLY: True} if wish.signed_only else {},
            "power_level_content_override": levels,
            "initial_state": [
                _state("m.room.encryption", {"algorithm": MEGOLM}),
                _state("m.room.history_visibility", {"history_visibility": "joined"}),
                _state("m.room.guest_access", {"guest_access": "forbidden"}),
            ],
        }

    async def _lists_creator(self) -> bool:
        if self._creator_listed is None:
            answer = await self._homeserver.call("GET", "client/v3/capabilities")
            versions = answer.get("capabilities", {}).get("m.room_versions", {})
            version = str(versions.get("default", ""))
            self._creator_listed = version.isdigit() and int(version) < CREATOR_IS_ABOVE_LEVELS
        return self._creator_listed


def _state(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "state_key": "", "content": content}
