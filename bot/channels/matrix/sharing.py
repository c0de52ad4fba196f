"""Brings the room key to every device that may read, before each encrypted message."""

from typing import Any

from bot.channels.matrix.crypto import MEGOLM, Device
from bot.channels.matrix.devices import Devices
from bot.channels.matrix.homeserver import fresh_transaction
from bot.channels.matrix.room_keys import DeviceKey, RoomKeys
from bot.channels.matrix.rooms import Room, Rooms
from bot.channels.matrix.session import Session
from bot.channels.matrix.trust import Trust


class Sharing:
    """Only for one caller at a time per room."""

    def __init__(self, session: Session, devices: Devices, trust: Trust, rooms: Rooms) -> None:
        self._homeserver = session.homeserver
        self._user = session.user
        self._crypto = session.crypto
        self._keys = RoomKeys(session.crypto)
        self._devices = devices
        self._trust = trust
        self._rooms = rooms
        self._told: dict[str, set[DeviceKey]] = {}  # who knows that the present key is withheld
        rooms.when_forgotten(self._forget)

    async def seal(
        self, room_id: str, kind: str, content: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Type and content as they go to the server: encrypted, and every reader has the key;
        as they are if the room is not encrypted. Raises `Trouble`."""
        room = await self._rooms.ready(room_id)
        if not room.encrypted:
            return kind, content
        await self._share(room_id, room)
        # no await between sharing and encrypting: it must be the key that was just shared
        return "m.room.encrypted", self._keys.encrypt(room_id, kind, content)

    async def unsigned(self, user: str) -> list[str]:
        """Names of this user's devices that get no key of a room for signed ones only."""
        return await self._devices.unsigned(user)

    async def _share(self, room_id: str, room: Room) -> None:
        """The key is new after every loss of a reader; who comes later gets it from the next
        message on."""
        await self._devices.learn(room.members)
        readers, others = self._readers(room)
        have = self._keys.shared_with(room_id)
        if have is None or not have <= readers.keys():
            self._keys.renew(room_id)
            have = set()
            self._told[room_id] = set()
        lacking = readers.keys() - have
        if lacking:
            await self._devices.open_sessions(readers[key] for key in lacking)
            for reached, body in self._keys.portions(room_id, set(readers)):
                await self._to_devices("m.room.encrypted", body)
                self._keys.sent(room_id, reached)
        untold = others - self._told[room_id]
        if untold:
            await self._to_devices("m.room_key.withheld", self._withheld(room_id, untold))
            self._told[room_id] |= untold

    def _readers(self, room: Room) -> tuple[dict[DeviceKey, Device], set[DeviceKey]]:
        """Devices of everybody who is in the room or invited, never another one of the bot:
        those that may read, and those that may not."""
        all_ = {
            (device.user, device.id): device
            for user in room.members
            if user != self._user
            for device in self._crypto.devices_of(user)
        }
        if not room.signed_only:
            return all_, set()
        signed = {key: device for key, device in all_.items() if self._trust.is_signed(device)}
        return signed, all_.keys() - signed.keys()

    def _withheld(self, room_id: str, devices: set[DeviceKey]) -> dict[str, Any]:
        """So that an unsigned device can say why it does not show a message."""
        content = {
            "algorithm": MEGOLM,
            "code": "m.unverified",
            "reason": "This device is not verified by its owner",
            "room_id": room_id,
            "sender_key": self._crypto.curve25519,
            "session_id": self._keys.session_id(room_id),
        }
        messages: dict[str, dict[str, Any]] = {}
        for user, device_id in devices:
            messages.setdefault(user, {})[device_id] = content
        return {"messages": messages}

    def _forget(self, room_id: str) -> None:
        self._keys.forget(room_id)
        self._told.pop(room_id, None)

    async def _to_devices(self, kind: str, body: dict[str, Any]) -> None:
        path = f"client/v3/sendToDevice/{kind}/{fresh_transaction()}"
        await self._homeserver.call("PUT", path, body)
