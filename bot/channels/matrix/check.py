"""Is everything ready? One line each for connection, encryption and clock."""

from collections.abc import Callable

import vodozemac

from bot.channels.base import Readiness
from bot.channels.matrix.crypto import BAD_INPUT
from bot.channels.matrix.devices import Devices
from bot.channels.matrix.homeserver import Homeserver, Trouble
from bot.channels.matrix.session import Session
from bot.channels.matrix.trust import Trust

CLOCK_MAY_DIFFER_MS = 5_000
PROBE = b"probe"


async def connection(homeserver: Homeserver) -> Readiness:
    name = "matrix connection"
    try:
        versions = await homeserver.call("GET", "client/versions")
        who = await homeserver.call("GET", "client/v3/account/whoami")
    except Trouble as trouble:
        return Readiness(name, ready=False, detail=trouble.reason)
    newest = str((versions.get("versions") or ["?"])[-1])
    return Readiness(name, ready=True, detail=f"{who.get('user_id')}, {newest}")


async def encryption(session: Session, devices: Devices, trust: Trust) -> Readiness:
    """Our keys on the server are ours and signed, and a message survives the way through both
    kinds of sessions."""
    name = "matrix encryption"
    try:
        await devices.query(session.user)
        if not trust.is_signed(session.crypto.own_device()):
            return Readiness(name, ready=False, detail="the bot's device is not signed")
        _round_trip()
    except Trouble as trouble:
        return Readiness(name, ready=False, detail=trouble.reason)
    except BAD_INPUT as error:
        return Readiness(name, ready=False, detail=type(error).__name__)
    return Readiness(name, ready=True, detail=f"device {session.device_id}, signed")


async def clock(homeserver: Homeserver, now: Callable[[], int]) -> Readiness:
    name = "matrix clock"
    try:
        await homeserver.call("GET", "client/versions")
    except Trouble as trouble:
        return Readiness(name, ready=False, detail=trouble.reason)
    if homeserver.date is None:
        return Readiness(name, ready=False, detail="the server does not tell its time")
    # the server tells whole seconds: the truth is up to a second later
    ahead = now() - homeserver.date - 500
    detail = f"{abs(ahead) / 1000:.0f} s {'ahead of' if ahead > 0 else 'behind'} the server"
    return Readiness(name, ready=abs(ahead) <= CLOCK_MAY_DIFFER_MS, detail=detail)


def _round_trip() -> None:
    """Raises `ValueError` if the cryptographic library does not do its work."""
    ours, theirs = vodozemac.Account(), vodozemac.Account()
    theirs.generate_one_time_keys(1)
    one_time_key = next(iter(theirs.one_time_keys.values()))
    there = ours.create_outbound_session(theirs.curve25519_key, one_time_key)
    group = vodozemac.GroupSession()
    first = there.encrypt(group.session_key.to_base64().encode()).to_pre_key()
    if first is None:
        raise ValueError("no pre-key message")
    _, key = theirs.create_inbound_session(ours.curve25519_key, first)
    inbound = vodozemac.InboundGroupSession(vodozemac.SessionKey(key.decode()))
    if inbound.decrypt(group.encrypt(PROBE)).plaintext != PROBE:
        raise ValueError("a message did not come back as it was")
