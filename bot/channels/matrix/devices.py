"""Keeps our keys on the server filled and what we know of other devices fresh."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import structlog

from bot.channels.matrix.crypto import BAD_INPUT, Device
from bot.channels.matrix.homeserver import fresh_transaction
from bot.channels.matrix.session import Session
from bot.channels.matrix.signing import signed_by
from bot.channels.matrix.trust import Trust

log = structlog.get_logger(__name__)

CLAIM_AGAIN_AFTER_S = 60.0  # a device without one-time keys is not asked at every message


class Devices:
    """All calls to the `keys` part of the API. Raises `Trouble` where the server fails."""

    def __init__(self, session: Session, trust: Trust) -> None:
        self._homeserver = session.homeserver
        self._crypto = session.crypto
        self._own_keys = session.own_keys
        self._trust = trust
        self._known: set[str] = set()  # users whose devices we were told
        self._stale: set[str] = set()  # of these, the ones whose devices changed since
        self._lock = asyncio.Lock()
        self._claimed: dict[tuple[str, str], float] = {}

    def changed(self, users: Iterable[str]) -> None:
        """The server says that the devices of these users are not what they were, or that it
        will not tell any more."""
        self._stale |= self._known & set(users)

    async def learn(self, users: Iterable[str]) -> None:
        """Ask for the devices of those that we do not know or whose devices changed."""
        async with self._lock:
            wanted = {u for u in users if u not in self._known or u in self._stale}
            if wanted:
                await self._query(wanted)

    async def query(self, user: str) -> None:
        """Ask for the devices of this user now, whatever we know."""
        async with self._lock:
            await self._query({user})

    async def unsigned(self, user: str) -> list[str]:
        """Names, or ids, of the devices that this user did not sign, as the server has them."""
        await self.query(user)
        return [
            device.name or device.id
            for device in self._crypto.devices_of(user)
            if not self._trust.is_signed(device)
        ]

    async def _query(self, users: set[str]) -> None:
        # taken out first: what changes while the question is on its way must be asked again
        before = self._stale & users
        self._stale -= users
        try:
            body: dict[str, Any] = {"device_keys": {user: [] for user in sorted(users)}}
            answer = await self._homeserver.call("POST", "client/v3/keys/query", body)
        except BaseException:
            self._stale |= before
            raise
        devices = answer.get("device_keys")
        answer["device_keys"] = devices = devices if isinstance(devices, dict) else {}
        failed = answer.get("failures")
        for user in users:
            sound = _sound(user, devices.get(user))
            devices[user] = sound
            if not sound and failed:
                continue  # that user's server is away: keep what we know and ask again
            self._trust.learn(user, answer)
            self._crypto.learn_devices(user, dict(sound))
            self._known.add(user)

    async def open_sessions(self, devices: Iterable[Device]) -> None:
        """Make sure of a session with each device, as far as they left keys on the server."""
        async with self._lock:
            now = time.monotonic()
            lacking = [
                d
                for d in self._crypto.lacking_session(devices)
                if now - self._claimed.get((d.user, d.id), -CLAIM_AGAIN_AFTER_S)
                >= CLAIM_AGAIN_AFTER_S
            ]
            if not lacking:
                return
            wanted: dict[str, list[str]] = {}
            for device in lacking:
                wanted.setdefault(device.user, []).append(device.id)
            await self._claim(wanted)
            for device in self._crypto.lacking_session(lacking):
                self._claimed[device.user, device.id] = now
                log.warning("device left no keys", user=device.user, device=device.id)

    async def mend_sessions(self) -> None:
        """New sessions for devices whose messages to us cannot be read any more."""
        async with self._lock:
            wedged = self._crypto.wedged()
            if wedged:
                await self._claim(wedged)

    async def _claim(self, wanted: dict[str, list[str]]) -> None:
        body = {
            "one_time_keys": {
                user: dict.fromkeys(ids, "signed_curve25519") for user, ids in wanted.items()
            }
        }
        answer = await self._homeserver.call("POST", "client/v3/keys/claim", body)
        claimed = answer.get("one_time_keys")
        for user, by_device in (claimed if isinstance(claimed, dict) else {}).items():
            for device_id, key in by_device.items():
                try:
                    self._crypto.learn_one_time_key(user, device_id, key)
                except BAD_INPUT as error:
                    name = type(error).__name__
                    log.warning("bad one-time key", user=user, device=device_id, error=name)

    async def upload(self) -> None:
        """Fill up our keys on the server if it has too few."""
        async with self._lock:
            body = self._own_keys.to_upload()
            if body is not None:
                answer = await self._homeserver.call("POST", "client/v3/keys/upload", body)
                self._own_keys.uploaded(answer)

    async def tell_devices(self) -> None:
        """Send what our device has to say to others (requests for keys, new sessions)."""
        for mark, kind, body in self._crypto.to_send():
            path = f"client/v3/sendToDevice/{kind}/{fresh_transaction()}"
            await self._homeserver.call("PUT", path, body)
            self._crypto.sent(mark)


def _sound(user: str, devices: object) -> dict[str, Any]:
    """Only the devices that are well made and signed by themselves."""
    if not isinstance(devices, dict):
        return {}
    sound = {i: d for i, d in devices.items() if _is_sound(user, i, d)}
    for device in sound.values():
        unsigned = device.get("unsigned")
        name = unsigned.get("device_display_name") if isinstance(unsigned, dict) else None
        device["unsigned"] = {"device_display_name": str(name or "")}
    return sound


def _is_sound(user: str, device_id: str, device: Any) -> bool:
    try:
        named = (device["user_id"], device["device_id"]) == (user, device_id)
        ed25519 = device["keys"][f"ed25519:{device_id}"]
        curve25519 = device["keys"][f"curve25519:{device_id}"]
    except (KeyError, TypeError):
        return False
    if not named or not isinstance(ed25519, str) or not isinstance(curve25519, str):
        return False
    return signed_by(device, user, ed25519, device_id)
