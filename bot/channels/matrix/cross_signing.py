"""Vouches for a device with its user's own keys, as every other client expects.

nio does not do this, and clients that exclude insecure devices neither send keys to an
unsigned device nor show its messages.
"""

import secrets
from typing import Any

import structlog

from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.homeserver import Homeserver, Trouble
from bot.channels.matrix.signing import decode, encode, public_key, signature, signed_by

log = structlog.get_logger(__name__)

SEEDS = "cross_signing.json"
USAGES = ("master", "self_signing", "user_signing")


async def cross_sign(
    homeserver: Homeserver,
    user: str,
    device_id: str,
    ed25519: str,
    *,
    password: str,
    folder: StateFolder,
) -> None:
    """Make sure that `user` has cross-signing keys and that they sign this device.

    `ed25519` is the device's own key, `password` is asked by the server for new keys, the
    seeds stay in `folder`. Does nothing if all is well. Raises `Trouble`, also when the
    server shows other keys for the device than its own: such a one must not be signed.
    """
    seeds = _seeds(folder)
    answer = await homeserver.call("POST", "client/v3/keys/query", {"device_keys": {user: []}})
    if not _published(answer, user, seeds):
        await _publish(homeserver, user, password, seeds)
    device = answer.get("device_keys", {}).get(user, {}).get(device_id, {})
    if device.get("keys", {}).get(f"ed25519:{device_id}") != ed25519:
        raise Trouble("refused", f"device {device_id} has other keys on the server")
    if not signed_by(device, user, public_key(seeds["self_signing"])):
        await _sign_device(homeserver, user, device_id, device, seeds["self_signing"])


def _seeds(folder: StateFolder) -> dict[str, bytes]:
    kept = folder.read(SEEDS)
    if not all(usage in kept for usage in USAGES):
        kept = {usage: encode(secrets.token_bytes(32)) for usage in USAGES}
        folder.write(SEEDS, kept)
    return {usage: decode(kept[usage]) for usage in USAGES}


def _published(answer: dict[str, Any], user: str, seeds: dict[str, bytes]) -> bool:
    for usage in ("master", "self_signing"):
        shown = answer.get(f"{usage}_keys", {}).get(user, {}).get("keys", {})
        if f"ed25519:{public_key(seeds[usage])}" not in shown:
            return False
    return True


def key_objects(user: str, seeds: dict[str, bytes]) -> dict[str, Any]:
    """The three public keys, the two lower ones signed by the master."""
    master = public_key(seeds["master"])
    objects: dict[str, Any] = {}
    for usage in USAGES:
        key = public_key(seeds[usage])
        value = {"user_id": user, "usage": [usage], "keys": {f"ed25519:{key}": key}}
        if usage != "master":
            mark = signature(value, seeds["master"])
            value["signatures"] = {user: {f"ed25519:{master}": mark}}
        objects[f"{usage}_key"] = value
    return objects


async def _publish(
    homeserver: Homeserver, user: str, password: str, seeds: dict[str, bytes]
) -> None:
    path = "client/v3/keys/device_signing/upload"
    keys = key_objects(user, seeds)
    try:
        await homeserver.call("POST", path, keys)
    except Trouble as trouble:
        if "session" not in trouble.answer:
            raise
        auth = password_auth(user, password, trouble.answer["session"])
        await homeserver.call("POST", path, {**keys, "auth": auth})
    log.info("cross-signing keys published", user=user)


def password_auth(user: str, password: str, session: str) -> dict[str, Any]:
    """The answer to a server that wants to hear the password again."""
    return {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "session": session,
    }


async def _sign_device(
    homeserver: Homeserver, user: str, device_id: str, device: dict[str, Any], seed: bytes
) -> None:
    bare = {k: v for k, v in device.items() if k != "unsigned"}
    bare["signatures"] = {user: {f"ed25519:{public_key(seed)}": signature(device, seed)}}
    body = {user: {device_id: bare}}
    answer = await homeserver.call("POST", "client/v3/keys/signatures/upload", body)
    if answer.get("failures"):
        raise Trouble("refused", "the server refused the signature of our device")
    log.info("device signed", user=user, device=device_id)
