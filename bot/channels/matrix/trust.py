"""Which devices their own users vouched for, by cross-signing.

A user's master key is remembered at first sight. If it changes, somebody else may be
speaking: all devices of that user count as unsigned until an operator accepts the new key.
"""

from typing import Any

import structlog

from bot.channels.matrix.crypto import Device
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.signing import signed_by

log = structlog.get_logger(__name__)

PINS = "master_keys.json"


class Trust:
    """Fed with every answer to a key query; asked before every room key is shared."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._pins = self._read_pins()
        self._seen: dict[str, str] = {}  # user -> present master key, pinned or not
        self._signed: dict[str, set[tuple[str, str, str]]] = {}

    def is_signed(self, device: Device) -> bool:
        """Whether the device, with exactly these keys, was signed by its user."""
        key = (device.id, device.ed25519, device.curve25519)
        return key in self._signed.get(device.user, set())

    def learn(self, user: str, answer: dict[str, Any]) -> None:
        """Take in what a key query (its whole answer) says about this user."""
        self._signed[user] = set()
        master = _cross_signing_key(answer, "master_keys", user)
        self_signing = _cross_signing_key(answer, "self_signing_keys", user)
        if master is None or self_signing is None:
            return
        self._seen[user] = master
        if not self._pinned(user, master):
            return
        if not signed_by(answer["self_signing_keys"][user], user, master):
            log.warning("self-signing key without its master's signature", user=user)
            return
        for device_id, keys in answer["device_keys"][user].items():
            if signed_by(keys, user, self_signing):
                ed25519 = keys["keys"][f"ed25519:{device_id}"]
                curve25519 = keys["keys"][f"curve25519:{device_id}"]
                self._signed[user].add((device_id, ed25519, curve25519))

    def accept(self, user: str) -> bool:
        """An operator accepts the present master key of this user, once more learnt after this.
        False: none was seen."""
        if user not in self._seen:
            return False
        self._pin(user, self._seen[user])
        log.warning("new master key accepted", user=user)
        return True

    def _pinned(self, user: str, master: str) -> bool:
        if user not in self._pins:
            self._pin(user, master)
        if self._pins[user] != master:
            self._pins = self._read_pins()  # accepted by another process meanwhile?
        if self._pins[user] != master:
            log.warning("master key changed: devices count as unsigned", user=user)
        return self._pins[user] == master

    def _read_pins(self) -> dict[str, str]:
        return {str(user): str(key) for user, key in self._folder.read(PINS).items()}

    def _pin(self, user: str, master: str) -> None:
        self._pins[user] = master
        self._folder.write(PINS, dict(self._pins))


def _cross_signing_key(answer: dict[str, Any], section: str, user: str) -> str | None:
    """The public key in a cross-signing key object, if it is well made."""
    try:
        keys = answer[section][user]["keys"]
        (name, key), *others = keys.items()
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    if others or name != f"ed25519:{key}":
        return None
    return str(key)
