"""Is everything ready? One line each for connection, encryption and clock."""

from collections.abc import Callable, Sequence

import vodozemac

from bot.channels.base import Readiness
from bot.channels.matrix.crypto import BAD_INPUT
from bot.channels.matrix.devices import Devices
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.homeserver import Homeserver, Trouble
from bot.channels.matrix.session import MatrixAccount, Session, open_session
from bot.channels.matrix.trust import Trust
from commands.messages import Message, message

CONNECTION, ENCRYPTION, CLOCK = "check.connection", "check.encryption", "check.clock"
CLOCK_MAY_DIFFER_MS = 5_000
PROBE = b"probe"


async def log_in_and_check(account: MatrixAccount, now: Callable[[], int]) -> Sequence[Readiness]:
    """All lines without a running bot: as its one device, but without receiving anything, which
    would take messages and keys away from the next start."""
    try:
        session = await open_session(account)
    except Trouble as trouble:
        lines = [Readiness(CONNECTION, ready=False, detail=_no_login(account, trouble))]
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        detail = message("check.connection.folder", path=str(account.state_dir), reason=why)
        lines = [Readiness(CONNECTION, ready=False, detail=detail)]
    else:
        trust = Trust(StateFolder(account.state_dir))
        try:
            return [
                await connection(session.homeserver),
                await encryption(session, Devices(session, trust), trust),
                await clock(session.homeserver, now),
            ]
        finally:
            await session.close()
    lines.append(Readiness(ENCRYPTION, ready=False, detail=message("check.encryption.unknown")))
    return [*lines, await clock_of(account.homeserver, now)]


async def connection(homeserver: Homeserver) -> Readiness:
    try:
        versions = await homeserver.call("GET", "client/versions")
        who = await homeserver.call("GET", "client/v3/account/whoami")
    except Trouble as trouble:
        detail = message("check.connection.down", homeserver=homeserver.base, reason=trouble.reason)
        return Readiness(CONNECTION, ready=False, detail=detail)
    newest = str((versions.get("versions") or ["?"])[-1])
    detail = message("check.connection.ready", user=str(who.get("user_id")), version=newest)
    return Readiness(CONNECTION, ready=True, detail=detail)


async def encryption(session: Session, devices: Devices, trust: Trust) -> Readiness:
    """Our keys on the server are ours and signed, and a message survives the way through both
    kinds of sessions."""
    try:
        await devices.query(session.user)
        if not trust.is_signed(session.crypto.own_device()):
            detail = message("check.encryption.unsigned", device=session.device_id)
            return Readiness(ENCRYPTION, ready=False, detail=detail)
        _round_trip()
    except Trouble as trouble:
        detail = message("check.encryption.fails", reason=trouble.reason)
        return Readiness(ENCRYPTION, ready=False, detail=detail)
    except BAD_INPUT as error:
        detail = message("check.encryption.fails", reason=type(error).__name__)
        return Readiness(ENCRYPTION, ready=False, detail=detail)
    detail = message("check.encryption.ready", device=session.device_id)
    return Readiness(ENCRYPTION, ready=True, detail=detail)


async def clock_of(base_url: str, now: Callable[[], int]) -> Readiness:
    """The clock of this server, without a login."""
    homeserver = Homeserver(base_url)
    try:
        return await clock(homeserver, now)
    finally:
        await homeserver.close()


async def clock(homeserver: Homeserver, now: Callable[[], int]) -> Readiness:
    try:
        await homeserver.call("GET", "client/versions")
    except Trouble as trouble:
        detail = message("check.clock.unknown", reason=trouble.reason)
        return Readiness(CLOCK, ready=False, detail=detail)
    if homeserver.date is None:
        return Readiness(CLOCK, ready=False, detail=message("check.clock.untold"))
    # the server tells whole seconds: the truth is up to a second later
    ahead = now() - homeserver.date - 500
    return Readiness(CLOCK, ready=abs(ahead) <= CLOCK_MAY_DIFFER_MS, detail=_difference(ahead))


def _difference(ahead_ms: int) -> Message:
    seconds = round(abs(ahead_ms) / 1000)
    if seconds == 0:
        return message("check.clock.equal")
    return message(f"check.clock.{'ahead' if ahead_ms > 0 else 'behind'}", seconds=seconds)


def _no_login(account: MatrixAccount, trouble: Trouble) -> Message:
    if trouble.kind == "refused":
        return message(
            "check.connection.refused",
            homeserver=account.homeserver,
            user=account.user,
            reason=trouble.reason,
        )
    return message("check.connection.down", homeserver=account.homeserver, reason=trouble.reason)


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
