"""The bot's own device: its Olm account and all sessions, kept by nio's Olm machine.

Only the machine and its store come from nio. Talking to the server is left to us, because
nio's own client cannot be cancelled, does not retry or stop when it should, and marks a
room key as shared although the server refused it.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nio.crypto import Olm  # type: ignore[import-untyped]
from nio.events import MegolmEvent, ToDeviceEvent  # type: ignore[import-untyped]
from nio.exceptions import (  # type: ignore[import-untyped]
    EncryptionError,
    LocalProtocolError,
    OlmTrustError,
)
from nio.responses import (  # type: ignore[import-untyped]
    KeysClaimResponse,
    KeysQueryResponse,
    ToDeviceResponse,
)
from peewee import PeeweeException  # type: ignore[import-untyped]

from bot.channels.matrix.key_store import KeyStore

MEGOLM = "m.megolm.v1.aes-sha2"
# what parsing other people's bytes may raise: vodozemac's errors are all ValueErrors
BAD_INPUT = (
    EncryptionError,
    LocalProtocolError,
    OlmTrustError,
    ValueError,
    KeyError,
    TypeError,
    AssertionError,  # nio asserts what a stranger may leave out
)
STORE_FAILS = (PeeweeException, OSError)  # full disk, locked or broken file


@dataclass(frozen=True)
class Device:
    """Somebody's device as the server told, its own signature checked."""

    user: str
    id: str
    ed25519: str
    curve25519: str
    name: str


class _Machine(Olm):  # type: ignore[misc]
    _message_index_store_size = 5_000  # messages whose replay is noticed; nio keeps 100,000


class Undecryptable(Exception):
    """We do not have the key, or the message is broken."""


def store_path(folder: Path, device_id: str) -> Path:
    """Where the keys of one of our devices are kept."""
    return folder / f"olm-{device_id}.db"


class Crypto:
    """Decrypts; knows devices, but not who is in which room. `olm` is nio's machine, for the
    two modules that make keys: `own_keys` and `room_keys`."""

    def __init__(self, user: str, device_id: str, folder: Path) -> None:
        """Open the store of this device, or make it. Raises `BAD_INPUT` for a broken store."""
        logging.getLogger("nio").setLevel(logging.CRITICAL)  # it logs whole messages
        logging.getLogger("peewee").setLevel(logging.CRITICAL)
        path = store_path(folder, device_id)
        path.touch(mode=0o600)
        self.user = user
        self.device_id = device_id
        self._store = KeyStore(user, device_id, str(folder), "kortelijn", path.name)
        # each save waits for the disk once instead of three times, and is as safe
        self._store.database.execute_sql("PRAGMA journal_mode=WAL")
        self._store.database.execute_sql("PRAGMA synchronous=FULL")
        self.olm = _Machine(user, device_id, self._store)

    @property
    def ed25519(self) -> str:
        return str(self.olm.account.identity_keys["ed25519"])

    @property
    def curve25519(self) -> str:
        return str(self.olm.account.identity_keys["curve25519"])

    @property
    def published(self) -> bool:
        """Whether the server ever took our device keys."""
        return bool(self.olm.account.shared)

    def own_device(self) -> Device:
        return Device(self.user, self.device_id, self.ed25519, self.curve25519, "")

    def close(self) -> None:
        self._store.database.close()

    # other people's devices

    def devices_of(self, user: str) -> Iterator[Device]:
        """The devices that we know and that still exist, without our own."""
        for device in self.olm.device_store.active_user_devices(user):
            if device.id != self.device_id:
                yield Device(
                    user, device.id, device.ed25519, device.curve25519, device.display_name
                )

    def _is_anothers(self, curve25519: str, user: str) -> bool:
        """Whether we know this key as that of a device of somebody else than `user`."""
        store = self.olm.device_store
        if store.device_from_sender_key(user, curve25519):
            return False
        return any(d.curve25519 == curve25519 and d.user_id != user for d in store)

    def learn_devices(self, user: str, devices: dict[str, Any]) -> None:
        """All devices of a user; raises `BAD_INPUT` if one of them is malformed."""
        self.olm.handle_response(KeysQueryResponse({user: devices}, {}))

    def lacking_session(self, devices: Iterable[Device]) -> list[Device]:
        return [d for d in devices if not self.olm.session_store.get(d.curve25519)]

    def learn_one_time_key(self, user: str, device_id: str, key: dict[str, Any]) -> None:
        """Make a session with a claimed key. Raises `BAD_INPUT` for a malformed one."""
        self.olm.handle_response(KeysClaimResponse({user: {device_id: key}}, {}))

    def wedged(self) -> dict[str, list[str]]:
        """Devices whose session broke and that need a new one."""
        if not self.olm.wedged_devices and not self.olm.key_request_devices_no_session:
            return {}
        return dict(self.olm.get_users_for_key_claiming())

    # device to device

    def take_to_device(self, event: dict[str, Any]) -> None:
        """Handle what another device sent to ours. Raises `BAD_INPUT` for a malformed one."""
        parsed = ToDeviceEvent.parse_event(event)
        if isinstance(parsed, ToDeviceEvent):
            self.olm.handle_to_device_event(parsed)

    def answer_key_requests(self) -> None:
        self.olm.collect_key_requests()
        self.olm.clear_verifications()

    def to_send(self) -> list[tuple[Any, str, dict[str, Any]]]:
        """(mark, type, body) of what our device wants to tell others."""
        return [(m, m.type, m.as_dict()) for m in self.olm.outgoing_to_device_messages]

    def sent(self, mark: Any) -> None:
        self.olm.handle_response(ToDeviceResponse(mark))

    # rooms

    def decrypt(self, room: str, event: dict[str, Any]) -> dict[str, Any]:
        """The event with its clear type and content. Raises `Undecryptable`."""
        parsed = self._parse(room, event)
        if parsed is None:
            raise Undecryptable("malformed")
        try:
            # the key tells who wrote, the server only says so: both must agree
            if self._is_anothers(parsed.sender_key, parsed.sender):
                raise Undecryptable("encrypted by a device of somebody else")
            clear = self.olm.decrypt_megolm_event(parsed, room)
        except BAD_INPUT as error:
            raise Undecryptable(type(error).__name__) from error
        source = getattr(clear, "source", None)
        if not isinstance(source, dict):
            raise Undecryptable("malformed content")
        return source

    def ask_for_key(self, room: str, event: dict[str, Any]) -> None:
        """Queue one request for the key of this event to the device that sent it."""
        parsed = self._parse(room, event)
        if parsed is None:
            return
        queued = {getattr(m, "request_id", None) for m in self.olm.outgoing_to_device_messages}
        if parsed.session_id in self.olm.outgoing_key_requests or parsed.session_id in queued:
            return
        request = parsed.as_key_request(
            parsed.sender, self.device_id, parsed.session_id, parsed.device_id
        )
        self.olm.outgoing_to_device_messages.append(request)

    def forget_room(self, room: str) -> None:
        """We are there no more: nobody shall read its messages with what we keep."""
        self.olm.inbound_group_store.forget(room)

    def _parse(self, room: str, event: dict[str, Any]) -> MegolmEvent | None:
        """nio insists on two fields that newer clients need not send any more."""
        content = event.get("content")
        if not isinstance(content, dict):
            return None
        if "sender_key" not in content:
            session_id, sender = content.get("session_id"), str(event.get("sender"))
            for sender_key, sessions in self.olm.inbound_group_store[room].items():
                # another one in the room can give us the same key as if it were their own
                if session_id in sessions and not self._is_anothers(sender_key, sender):
                    content = {**content, "sender_key": sender_key}
        content = {"sender_key": "", "device_id": "", **content}
        parsed = MegolmEvent.from_dict({**event, "content": content, "room_id": room})
        return parsed if isinstance(parsed, MegolmEvent) else None
