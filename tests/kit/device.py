"""The reading half of a phone: signing in, syncing, decrypting, accepting invitations.

Two ways to read. By hand, it reads the server when it is told to (`settle`, or whenever it
waits for something), so that a test says exactly when a phone is online. With `follow` it
keeps reading by itself, as a phone in a pocket does.
"""

import asyncio
import contextlib
import functools
import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import nio  # type: ignore[import-untyped]
from nio.store import SqliteMemoryStore  # type: ignore[import-untyped]

from bot.channels.matrix.cross_signing import cross_sign
from bot.channels.matrix.folder import StateFolder
from bot.channels.matrix.homeserver import Homeserver
from tests.kit.expect import HANG_S, Expectations
from tests.kit.seen import Screen

MARKER = "kortelijn.kit.marker"
PAGE = 50  # more than so many messages of a room at once are paged back to
FILTER = {"room": {"timeline": {"limit": PAGE}}, "presence": {"types": []}}
TO_DEVICE_PAGE = 100  # Synapse hands out at most so many at once
FOLLOW_POLL_MS = 10_000


class PhoneFailed(Exception):
    """The server refused what the phone did; the message says what and why."""


@dataclass(frozen=True)
class Invitation:
    room: str
    sender: str
    name: str  # what the room is called, as the invitation tells
    direct: bool


class Device(Expectations):
    """One signed-in device of one person, reading. Close it, or use it as a context manager."""

    def __init__(
        self, base_url: str, user_id: str, password: str, *, bot: str, signed: bool = True
    ) -> None:
        """`bot` is the only user whose invitations it accepts. `signed=False` leaves out
        cross-signing, as an old client does; signing makes a new identity at every sign-in."""
        super().__init__()
        self.name = user_id.removeprefix("@").partition(":")[0]
        self.user_id = user_id
        self.password = password
        self.bot = bot
        self.signed = signed
        self.screen = Screen()
        self.invitations: list[Invitation] = []
        self.direct_rooms: list[str] = []
        self.client = nio.AsyncClient(
            base_url,
            user_id,
            config=nio.AsyncClientConfig(
                store=SqliteMemoryStore, store_sync_tokens=False, max_timeout_retry_wait_time=1
            ),
        )
        self._undigested: nio.SyncResponse | None = None
        self._unread: list[nio.MegolmEvent] = []
        self._markers = itertools.count(1)
        self._marker_seen = 0
        self._syncing = asyncio.Lock()
        self._came_in = asyncio.Event()
        self._more_keys = False
        self._accepted = 0  # invitations
        self._following: asyncio.Task[None] | None = None

    # signing in and out

    async def __aenter__(self) -> Self:
        await self.sign_in()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def sign_in(self, device_name: str = "phone") -> None:
        """Log in as a new device, upload its keys and have it signed by its owner."""
        answer = await self.client.login(self.password, device_name=device_name)
        accepted(answer, nio.LoginResponse, "logging in")
        _bind_only_listed(self.client.store.database)
        await self._upkeep()
        if self.signed:
            await self._sign_device()
        await self._read(0)

    async def _sign_device(self) -> None:
        homeserver = Homeserver(self.client.homeserver, self.client.access_token)
        with tempfile.TemporaryDirectory(prefix="kortelijn-phone-") as folder:
            try:
                await cross_sign(
                    homeserver,
                    self.user_id,
                    self.client.device_id,
                    self.client.olm.account.identity_keys["ed25519"],
                    password=self.password,
                    folder=StateFolder(Path(folder)),
                )
            finally:
                await homeserver.close()

    async def close(self) -> None:
        """Stop reading and let go of the connection."""
        await self.unfollow()
        await self.client.close()
        if self.client.store:
            self.client.store.database.close()

    # reading

    async def settle(self) -> None:
        """Know everything that the server has now: read until an own new mark is seen.

        An invitation that is accepted on the way brings more to read, which is read too.
        Raises `PhoneFailed` if the server does not let it.
        """
        try:
            async with asyncio.timeout(HANG_S):
                while not await self._reads_up_to_now():
                    pass  # there was an invitation: now read what its room holds
        except TimeoutError:
            raise PhoneFailed(f"{self.user_id} could not settle in {HANG_S} s") from None

    async def _reads_up_to_now(self) -> bool:
        accepted_before = self._accepted
        marker = next(self._markers)
        await self._mark(marker)
        while self._marker_seen < marker or self._more_keys:
            await self.news(FOLLOW_POLL_MS / 1000)
        return self._accepted == accepted_before

    async def news(self, timeout_s: float) -> None:
        if self._following is None:
            await self._read(int(min(timeout_s * 1000, FOLLOW_POLL_MS)))
            return
        if self._following.done():  # it ended by a fault: show it
            self._following.result()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._came_in.wait(), min(timeout_s, 1.0))

    def follow(self) -> None:
        """Keep reading in the background until `unfollow` or `close`."""
        if self._following is None:
            self._following = asyncio.create_task(self._follow(), name=f"follow {self.user_id}")

    async def unfollow(self) -> None:
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
            self._following = None

    async def _follow(self) -> None:
        while True:
            await self._read(FOLLOW_POLL_MS)

    async def _read(self, timeout_ms: int) -> None:
        """One sync, and all that a client must do with it; also if it was cancelled half way."""
        async with self._syncing:
            if self._undigested is None:
                answer = await self.client.sync(timeout=timeout_ms, sync_filter=FILTER)
                self._undigested = accepted(answer, nio.SyncResponse, f"{self.user_id} syncing")
            try:
                await self._digest(self._undigested)
                self._undigested = None
            except PhoneFailed:
                self._undigested = None
                raise
        self._came_in.set()
        self._came_in = asyncio.Event()

    async def _digest(self, answer: nio.SyncResponse) -> None:
        for room, info in (*answer.rooms.join.items(), *answer.rooms.leave.items()):
            if info.timeline.limited:
                for event in await self._missed(room, info.timeline.prev_batch):
                    self._take(room, event)
            for event in info.timeline.events:
                self._take(room, event)
        for room in answer.rooms.leave:
            self.client.rooms.pop(room, None)
        if answer.to_device_events:  # keys, perhaps
            self._read_late()
        await self._upkeep()
        for room, invite in answer.rooms.invite.items():
            await self._invited(room, invite)
        for data in answer.account_data_events:
            if isinstance(data, nio.UnknownAccountDataEvent) and data.type == MARKER:
                self._marker_seen = max(self._marker_seen, data.content["mark"])
        self._more_keys = len(answer.to_device_events) >= TO_DEVICE_PAGE

    async def _missed(self, room: str, token: str | None) -> list[Any]:
        """What a sync left out because it was too much, oldest first."""
        missed: list[Any] = []
        while token:
            page = await self.client.room_messages(room, start=token, limit=PAGE)
            page = accepted(page, nio.RoomMessagesResponse, f"paging back in {room}")
            for event in page.chunk:
                if self.screen.took(event.event_id):
                    return missed[::-1]
                missed.append(event)
            token = page.end
        return missed[::-1]

    def _take(self, room: str, event: Any) -> None:
        readable = not isinstance(event, (nio.MegolmEvent, nio.BadEvent, nio.UnknownBadEvent))
        if isinstance(event, nio.MegolmEvent):
            event.room_id = room
            self._unread.append(event)
        encrypted = isinstance(event, nio.MegolmEvent) or event.decrypted
        self.screen.take(room, event.source, encrypted=encrypted, readable=readable)

    def _read_late(self) -> None:
        still: list[nio.MegolmEvent] = []
        for event in self._unread:
            try:
                clear = self.client.decrypt_event(event)
            except nio.EncryptionError:
                still.append(event)
            else:
                self.screen.read_late(event.room_id, clear.source)
        self._unread = still

    async def _invited(self, room: str, invite: Any) -> None:
        events = [e for e in invite.invite_state if isinstance(e, nio.InviteMemberEvent)]
        mine = next(e for e in events if e.state_key == self.user_id and e.membership == "invite")
        names = [e.name for e in invite.invite_state if isinstance(e, nio.InviteNameEvent)]
        direct = bool(mine.content.get("is_direct"))
        invitation = Invitation(room, mine.sender, "".join(names[-1:]), direct)
        if invitation not in self.invitations:
            self.invitations.append(invitation)
        if mine.sender == self.bot:
            if direct and room not in self.direct_rooms:
                self.direct_rooms.append(room)
            accepted(await self.client.join(room), nio.JoinResponse, f"joining {room}")
            self._accepted += 1

    async def _upkeep(self) -> None:
        """What nio leaves to its caller: own keys up, other people's keys down."""
        if self.client.should_upload_keys:
            accepted(await self.client.keys_upload(), nio.KeysUploadResponse, "key upload")
        if self.client.should_query_keys:
            accepted(await self.client.keys_query(), nio.KeysQueryResponse, "key query")
        if self.client.should_claim_keys:
            await self.client.keys_claim(self.client.get_users_for_key_claiming())
        await self.client.send_to_device_messages()

    async def _mark(self, marker: int) -> None:
        user = quote(self.user_id)
        path = f"/_matrix/client/v3/user/{user}/account_data/{MARKER}"
        bearer = {"Authorization": f"Bearer {self.client.access_token}"}
        answer = await self.client.send("PUT", path, f'{{"mark": {marker}}}', bearer)
        async with answer:
            if answer.status != 200:
                raise PhoneFailed(f"{self.user_id}: marking: {answer.status}")


def _bind_only_listed(database: Any) -> None:
    """nio binds its tables at every access, and lists all of them; following references to
    find the same tables again took a sixth of the time of a story (measured)."""
    database.bind_ctx = functools.partial(database.bind_ctx, bind_refs=False, bind_backrefs=False)


def accepted(answer: Any, kind: type, doing: str) -> Any:
    if not isinstance(answer, kind):
        raise PhoneFailed(f"{doing}: {answer}")
    return answer
