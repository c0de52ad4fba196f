"""A person's real Matrix client: it acts only on what it has synced and decrypted itself.

`Device` reads, `Expectations` says what should have come; here are the person's own acts.
It needs no pytest: a process of its own may hold one.
"""

import asyncio
import io
import re
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import uuid4

import nio  # type: ignore[import-untyped]
from nio.crypto.attachments import decrypt_attachment  # type: ignore[import-untyped]

from tests.kit.device import FOLLOW_POLL_MS, Device, PhoneFailed, accepted
from tests.kit.seen import Seen

T = TypeVar("T")
SENDS_WITHIN_S = 10.0  # at the end, when the server may be gone for good
REFERENCE = re.compile(r"[A-Z0-9]{4}")


class Phone(Device):
    """Somebody's phone: sees what the server sends it, and does what a thumb does."""

    def __init__(
        self, base_url: str, user_id: str, password: str, *, bot: str, signed: bool = True
    ) -> None:
        super().__init__(base_url, user_id, password, bot=bot, signed=signed)
        self._sending = asyncio.Lock()
        self._sends: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Let what is being sent finish, stop reading and let go of the connection."""
        if self._sends:
            await asyncio.wait(self._sends, timeout=SENDS_WITHIN_S)
        await super().close()

    # rooms

    @property
    def messages(self) -> list[Seen]:
        return self.screen.messages

    @property
    def rooms(self) -> dict[str, str]:
        """Room id to name, of all rooms this person is in."""
        return {room.room_id: room.name or "" for room in self.client.rooms.values()}

    @property
    def direct_room(self) -> str:
        """The direct chat with the bot: the newest that it invited to and that still stands."""
        for room in reversed(self.direct_rooms):
            if room in self.client.rooms:
                return room
        raise PhoneFailed(f"{self.user_id} has no direct chat with {self.bot}")

    @property
    def case_rooms(self) -> dict[str, str]:
        """Reference to room id, of the rooms that carry a reference as their name."""
        return {name: room for room, name in self.rooms.items() if REFERENCE.fullmatch(name)}

    def members(self, room: str) -> set[str]:
        """Who is in the room; invited people are not."""
        here = self.client.rooms[room]
        return {user for user in here.users if user not in here.invited_users}

    async def state(self, room: str) -> list[dict[str, Any]]:
        """All state events of a room as the server has them."""
        answer = await self.client.room_get_state(room)
        return list(accepted(answer, nio.RoomGetStateResponse, f"state of {room}").events)

    # acting

    async def says(self, room: str, text: str, *, reply_to: Seen | None = None) -> Seen:
        """Write a text, and return it as it came back from the server."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if reply_to is not None:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to.event_id}}
        return await self._says(room, content)

    async def edits(self, message: Seen, text: str) -> None:
        """Change an own message."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": message.event_id}
        content = {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        await self._send(message.room, "m.room.message", content)

    async def taps(self, message: Seen, emoji: str) -> str:
        """React to a message; returns the reaction's event id."""
        relation = {"rel_type": "m.annotation", "event_id": message.event_id, "key": emoji}
        return await self._send(message.room, "m.reaction", {"m.relates_to": relation})

    async def marks(self, room: str) -> str:
        """React to the room itself: who received this has received all that came before it."""
        state = await self.state(room)
        creation = next(event["event_id"] for event in state if event["type"] == "m.room.create")
        relation = {"rel_type": "m.annotation", "event_id": creation, "key": uuid4().hex}
        return await self._send(room, "m.reaction", {"m.relates_to": relation})

    async def untaps(self, message: Seen, emoji: str) -> None:
        """Take one's own reaction away."""
        await self.settle()
        mine = [tap for tap in message.taps if (tap.sender, tap.emoji) == (self.user_id, emoji)]
        if not mine:
            raise PhoneFailed(f"{self.user_id} did not set {emoji} under {message}")
        await self._redact(message.room, mine[-1].event_id)

    async def deletes(self, message: Seen) -> None:
        await self._redact(message.room, message.event_id)

    async def reads(self, message: Seen) -> None:
        """Send a read receipt up to this message."""
        answer = await self.client.room_read_markers(
            message.room, message.event_id, read_event=message.event_id
        )
        accepted(answer, nio.RoomReadMarkersResponse, "reading")

    async def leaves(self, room: str) -> None:
        accepted(await self.client.room_leave(room), nio.RoomLeaveResponse, f"leaving {room}")

    async def sends_file(self, room: str, name: str, media_type: str, content: bytes) -> Seen:
        """Send an encrypted file; images and sound go as such."""
        answer, keys = await self.client.upload(
            io.BytesIO(content), media_type, name, encrypt=True, filesize=len(content)
        )
        uploaded = accepted(answer, nio.UploadResponse, "uploading")
        kinds = {"image": "m.image", "audio": "m.audio", "video": "m.video"}
        return await self._says(
            room,
            {
                "msgtype": kinds.get(media_type.partition("/")[0], "m.file"),
                "body": name,
                "info": {"mimetype": media_type, "size": len(content)},
                "file": {**(keys or {}), "url": uploaded.content_uri},
            },
        )

    async def opens(self, message: Seen) -> bytes:
        """The content of a file that somebody sent."""
        file = message.content.get("file") or {"url": message.content["url"]}
        answer = await self.client.download(file["url"])
        body: bytes = accepted(answer, nio.MemoryDownloadResponse, "opening").body
        if "key" not in file:
            return body
        clear: bytes = decrypt_attachment(
            body, file["key"]["k"], file["hashes"]["sha256"], file["iv"]
        )
        return clear

    async def _says(self, room: str, content: dict[str, Any]) -> Seen:
        event_id = await self._send(room, "m.room.message", content)
        while event_id not in self.screen:
            await self.news(FOLLOW_POLL_MS / 1000)
        return self.screen[event_id]

    async def _send(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Send one event with the care that nio needs, so that every device can read it."""
        async with self._sending:
            return await self._to_the_end(self._send_one(room, kind, content))

    async def _send_one(self, room: str, kind: str, content: dict[str, Any]) -> str:
        if self._following is None:
            await self._read(0)
        while room not in self.client.rooms or not self.client.rooms[room].users:
            await self.news(FOLLOW_POLL_MS / 1000)
        here, olm = self.client.rooms[room], self.client.olm
        if here.encrypted:
            olm.update_tracked_users(here)
            if self.client.should_query_keys:
                accepted(await self.client.keys_query(), nio.KeysQueryResponse, "key query")
            session = olm.outbound_group_sessions.get(room)
            devices = {
                (user, device.id)
                for user in here.users
                for device in self.client.device_store.active_user_devices(user)
                if device.id != self.client.device_id
            }
            if session is not None and devices - session.users_shared_with:
                self.client.invalidate_outbound_session(room)
        answer = await self.client.room_send(
            room, kind, content, tx_id=uuid4().hex, ignore_unverified_devices=True
        )
        event_id: str = accepted(answer, nio.RoomSendResponse, f"sending to {room}").event_id
        return event_id

    async def _redact(self, room: str, event_id: str) -> None:
        answer = await self.client.room_redact(room, event_id, tx_id=uuid4().hex)
        accepted(answer, nio.RoomRedactResponse, "taking away")

    async def _to_the_end(self, send: Coroutine[Any, Any, T]) -> T:
        """A send that is cancelled half way would leave nio unable to send to that room."""
        task = asyncio.create_task(send)
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)
        return await asyncio.shield(task)
