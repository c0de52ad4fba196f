"""The keys that our messages in a room are encrypted with, and who has them."""

from collections.abc import Iterator
from typing import Any

from bot.channels.matrix.crypto import Crypto

DeviceKey = tuple[str, str]  # user and device id


class RoomKeys:
    """Only in memory: after a restart, or a long rest, a room gets a new key."""

    def __init__(self, crypto: Crypto) -> None:
        self._olm = crypto.olm

    def shared_with(self, room: str) -> set[DeviceKey] | None:
        """The devices that have the key we now encrypt with; none if there is no usable key."""
        session = self._olm.outbound_group_sessions.get(room)
        if session is None or session.expired:
            return None
        return set(session.users_shared_with)

    def session_id(self, room: str) -> str:
        return str(self._olm.outbound_group_sessions[room].id)

    def renew(self, room: str) -> None:
        self._olm.create_outbound_group_session(room)

    def forget(self, room: str) -> None:
        self._olm.outbound_group_sessions.pop(room, None)

    def portions(
        self, room: str, devices: set[DeviceKey]
    ) -> Iterator[tuple[set[DeviceKey], dict[str, Any]]]:
        """Requests that bring the present room key to exactly these devices, in portions.

        Each must be confirmed with `sent`. A device that comes later gets the key
        from the present message on, so nobody can read what was before.
        """
        session = self._olm.outbound_group_sessions[room]
        session.shared = False  # else nio makes a new key
        users = {user for user, _ in devices}
        session.users_ignored = {
            (user, device.id)
            for user in users
            for device in self._olm.device_store.active_user_devices(user)
            if (user, device.id) not in devices
        }
        yield from self._olm.share_group_session_parallel(
            room, sorted(users), ignore_unverified_devices=True
        )

    def sent(self, room: str, devices: set[DeviceKey]) -> None:
        self._olm.outbound_group_sessions[room].users_shared_with |= devices

    def encrypt(self, room: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """The content of an `m.room.encrypted` event, with the present room key."""
        self._olm.outbound_group_sessions[room].shared = True
        body: dict[str, Any] = self._olm.group_encrypt(room, {"type": kind, "content": content})
        if "m.relates_to" in content:
            body["m.relates_to"] = content["m.relates_to"]  # the server must see relations
        return body
