"""The Matrix messenger: login, receiving and sending put together."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.channels.base import Batch, ChannelDown, Delivery, Later, Readiness, Receipt
from bot.channels.matrix import check
from bot.channels.matrix.crypto import STORE_FAILS
from bot.channels.matrix.devices import Devices
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.homeserver import REVOKED_FOR_MS, Trouble
from bot.channels.matrix.open_room import RoomMaker
from bot.channels.matrix.receive import Receiver
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.send import Sender
from bot.channels.matrix.session import MatrixAccount, Session, open_session
from bot.channels.matrix.sharing import Sharing
from bot.channels.matrix.trust import Trust

log = structlog.get_logger(__name__)

FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 30_000
STARTING_MS = 200  # what waits for the login goes soon after it
FINISH_WITHIN_S = 3.0
STOP_WITHIN_S = 1.0  # who stops us gave running sends their time already


@dataclass
class _Parts:
    """What lives as long as one login."""

    session: Session
    trust: Trust
    devices: Devices
    receiver: Receiver
    sender: Sender


class MatrixChannel:
    """Implements `Channel` on one homeserver with one device of the bot."""

    name = "matrix"
    one_receiver = False

    def __init__(self, account: MatrixAccount, now: Callable[[], int]) -> None:
        """`now` is the wall clock, UTC epoch milliseconds."""
        self._account = account
        self._now = now
        self._parts: _Parts | None = None
        self._kept: tuple[str | None, Batch] | None = None  # what start already received
        self._failures = 0
        self._begin_again = False  # whether `receive` must start first
        self._house: asyncio.Task[None] | None = None

    async def start(self, cursor: str | None) -> None:
        """Log in. What happened since `cursor` is kept for `receive`.

        Raises `ChannelDown`, and `OSError` or `ValueError` for an unusable state folder.
        """
        await self._close()
        try:
            session = await open_session(self._account)
            self._parts = parts = _assemble(session, self._account)
            batch = await parts.receiver.sync(cursor, wait=False)
        except Trouble as trouble:
            await self._close()
            self._begin_again = True
            raise self._down(trouble, at_login=True) from trouble
        self._failures, self._begin_again = 0, False
        self._kept = (cursor, batch)
        self._keep_house(parts)

    async def receive(self, cursor: str | None) -> Batch:
        """As `Channel.receive`. After a failed start, a revoked login or a failing key store it
        first begins again, as `start` does."""
        try:
            if self._begin_again:
                await self.start(cursor)
            kept, self._kept = self._kept, None
            if kept is not None and kept[0] == cursor:
                return kept[1]
            parts = self._started()
            batch = await parts.receiver.sync(cursor)
        except Trouble as trouble:
            raise self._down(trouble) from trouble
        except STORE_FAILS as error:
            # what is in memory may be ahead of the disk now
            self._begin_again = True
            log.exception("key store fails")
            raise ChannelDown(f"key store: {type(error).__name__}", LONGEST_WAIT_MS) from error
        self._failures = 0
        self._keep_house(parts)
        return batch

    async def send(self, delivery: Delivery) -> Receipt:
        if self._parts is None:
            return Later("not started", after_ms=STARTING_MS, channel_down=True)
        return await self._parts.sender.send(delivery)

    async def unsigned_devices(self, user: str) -> Sequence[str]:
        """Raises `ChannelDown`."""
        parts = self._started()
        try:
            return await parts.devices.unsigned(user)
        except Trouble as trouble:
            raise ChannelDown(trouble.reason, trouble.after_ms) from trouble

    async def accept_identity(self, user: str) -> bool:
        """An operator asked this person and takes the new master key for theirs; from now on
        its devices count as signed. False: there is no master key. Raises `ChannelDown`."""
        parts = self._started()
        await self.unsigned_devices(user)
        accepted = parts.trust.accept(user)
        await self.unsigned_devices(user)
        return accepted

    async def check(self) -> Sequence[Readiness]:
        parts = self._started()
        homeserver = parts.session.homeserver
        return [
            await check.connection(homeserver),
            await check.encryption(parts.session, parts.devices, parts.trust),
            await check.clock(homeserver, self._now),
        ]

    async def stop(self) -> None:
        await self._close(STOP_WITHIN_S)

    async def _close(self, within_s: float = FINISH_WITHIN_S) -> None:
        parts, self._parts = self._parts, None
        if parts is None:
            return
        if self._house is not None:
            self._house.cancel()
            await asyncio.gather(self._house, return_exceptions=True)
        await parts.sender.finish(within_s)
        await parts.session.close()

    def _started(self) -> _Parts:
        if self._parts is None:
            raise ChannelDown("not started", FIRST_WAIT_MS)
        return self._parts

    def _keep_house(self, parts: _Parts) -> None:
        """Beside receiving: what was received must not wait for it."""
        if self._house is None or self._house.done():
            self._house = asyncio.create_task(_keep_house(parts.receiver))

    def _down(self, trouble: Trouble, *, at_login: bool = False) -> ChannelDown:
        """Longer waits the longer it lasts, but never shorter than the server asked."""
        if trouble.kind == "revoked" or (at_login and trouble.kind == "refused"):
            self._begin_again = True  # the password may still be good
            return ChannelDown(trouble.reason, REVOKED_FOR_MS, revoked=True)
        wait = min(FIRST_WAIT_MS * 2**self._failures, LONGEST_WAIT_MS)
        self._failures = min(self._failures + 1, 10)
        # spread out, so that after an outage not all come back at the same moment
        wait = int(wait * random.uniform(0.75, 1.0))  # noqa: S311
        if trouble.kind == "limited":
            wait = max(wait, trouble.after_ms)
        return ChannelDown(trouble.reason, wait)


def _assemble(session: Session, account: MatrixAccount) -> _Parts:
    trust = Trust(StateFolder(account.state_dir))
    devices = Devices(session, trust)
    rooms = Rooms(session.homeserver)
    rooms.when_left(session.crypto.forget_room)
    receiver = Receiver(session, devices, rooms)
    sharing = Sharing(session, devices, trust, rooms)
    sender = Sender(session, sharing, RoomMaker(session.homeserver, session.user, rooms))
    return _Parts(session, trust, devices, receiver, sender)


async def _keep_house(receiver: Receiver) -> None:
    try:
        await receiver.keep_house()
    except Trouble as trouble:
        log.warning("housekeeping put off", reason=trouble.reason)
    except Exception:  # nobody waits for this task; it is begun again after the next receive
        log.exception("housekeeping failed")
