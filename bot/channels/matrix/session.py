"""The bot's one login: a token, a device and its keys belong together and are kept together."""

import secrets
import string
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from bot.channels.matrix.cross_signing import cross_sign, password_auth
from bot.channels.matrix.crypto import BAD_INPUT, STORE_FAILS, Crypto, store_path
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.homeserver import Homeserver, Patience, Trouble
from bot.channels.matrix.own_keys import OwnKeys

log = structlog.get_logger(__name__)

SESSION = "session.json"


@dataclass(frozen=True)
class MatrixAccount:
    homeserver: str  # base address, as in https://matrix.example
    user: str  # local name or whole user id
    password: str = field(repr=False)
    device_name: str
    state_dir: Path
    patience: Patience = field(default_factory=Patience)


@dataclass
class Session:
    homeserver: Homeserver
    crypto: Crypto
    own_keys: OwnKeys
    user: str
    device_id: str

    async def close(self) -> None:
        await self.homeserver.close()
        self.crypto.close()


async def open_session(account: MatrixAccount) -> Session:
    """Take up the kept login or make a new one; the device is signed on return.

    Raises `Trouble` (the server fails or refuses) and `OSError` (the state folder).
    """
    folder = StateFolder(account.state_dir)
    folder.make()
    homeserver = Homeserver(account.homeserver, patience=account.patience)
    try:
        session = await _restore(folder, homeserver)
        if session is None:
            session = await _log_in(account, folder, homeserver)
        await _publish(session, account, folder)
    except BaseException:
        await homeserver.close()
        raise
    return session


async def _restore(folder: StateFolder, homeserver: Homeserver) -> Session | None:
    """The kept login, if the server still knows it and its keys are still ours."""
    kept = folder.read(SESSION)
    device_id = str(kept.get("device_id", ""))
    if not kept.get("access_token") or not store_path(folder.path, device_id).exists():
        if kept.get("access_token"):
            log.warning("keys of our device are lost, logging in as a new one", device=device_id)
        return None
    homeserver.token = kept["access_token"]
    try:
        await homeserver.call("GET", "client/v3/account/whoami")
        user = str(kept["user_id"])
        body = {"device_keys": {user: [device_id]}}
        answer = await homeserver.call("POST", "client/v3/keys/query", body)
    except Trouble as trouble:
        homeserver.token = ""
        if trouble.kind != "revoked":
            raise
        log.warning("kept login is no longer accepted, logging in again")
        if trouble.answer.get("soft_logout") is True:  # the device itself still stands
            folder.write(SESSION, {**kept, "next_device_id": device_id})
        return None
    try:
        crypto = Crypto(user, device_id, folder.path)
    except (*BAD_INPUT, *STORE_FAILS) as error:
        log.error("keys of our device cannot be read", error=type(error).__name__)
        return None
    shown = answer.get("device_keys", {}).get(user, {}).get(device_id, {}).get("keys", {})
    same = shown.get(f"ed25519:{device_id}") == crypto.ed25519
    died_before_upload = not shown and not crypto.published
    if same or died_before_upload:
        return Session(homeserver, crypto, OwnKeys(crypto), user, device_id)
    crypto.close()
    log.warning("server and store disagree on our keys, logging in as a new device")
    return None


async def _log_in(account: MatrixAccount, folder: StateFolder, homeserver: Homeserver) -> Session:
    """A new device; the one before is logged out, for nobody can use its keys any more."""
    before = folder.read(SESSION)
    device_id = before.get("next_device_id") or _new_device_id()
    # written down first: a crash in between logs in as the same device again
    folder.write(SESSION, {**before, "next_device_id": device_id})
    homeserver.token = ""
    answer = await homeserver.call(
        "POST",
        "client/v3/login",
        {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": account.user},
            "password": account.password,
            "device_id": device_id,
            "initial_device_display_name": account.device_name,
        },
    )
    kept = {
        "user_id": answer["user_id"],
        "device_id": device_id,
        "access_token": answer["access_token"],
    }
    homeserver.token = kept["access_token"]
    crypto = Crypto(kept["user_id"], device_id, folder.path)
    folder.write(SESSION, kept)
    log.info("logged in", user=kept["user_id"], device=device_id)
    if before.get("device_id") not in (None, device_id):
        await _log_out(homeserver, account, kept["user_id"], str(before["device_id"]))
    return Session(homeserver, crypto, OwnKeys(crypto), kept["user_id"], device_id)


async def _log_out(
    homeserver: Homeserver, account: MatrixAccount, user: str, device_id: str
) -> None:
    body: dict[str, Any] = {"devices": [device_id]}
    try:
        try:
            await homeserver.call("POST", "client/v3/delete_devices", body)
        except Trouble as trouble:
            if "session" not in trouble.answer:
                raise
            body["auth"] = password_auth(user, account.password, trouble.answer["session"])
            await homeserver.call("POST", "client/v3/delete_devices", body)
    except Trouble as trouble:
        log.warning("earlier device not logged out", device=device_id, reason=trouble.reason)


async def _publish(session: Session, account: MatrixAccount, folder: StateFolder) -> None:
    if not session.crypto.published:
        body = session.own_keys.to_upload()
        answer = await session.homeserver.call("POST", "client/v3/keys/upload", body)
        session.own_keys.uploaded(answer)
    await cross_sign(
        session.homeserver,
        session.user,
        session.device_id,
        session.crypto.ed25519,
        password=account.password,
        folder=folder,
    )


def _new_device_id() -> str:
    return "".join(secrets.choice(string.ascii_uppercase) for _ in range(10))
