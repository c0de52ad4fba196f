"""One step of the sync loop: ask for news, take in keys and state, decrypt, fill gaps."""

import json
import secrets
import time
from collections.abc import Iterable, Iterator

import structlog

from bot.channels.base import Batch, Update
from bot.channels.matrix import updates
from bot.channels.matrix.crypto import BAD_INPUT, Undecryptable
from bot.channels.matrix.devices import Devices
from bot.channels.matrix.gap import missed
from bot.channels.matrix.homeserver import Trouble
from bot.channels.matrix.news import Event, News, is_sealed, take_apart
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.session import Session

log = structlog.get_logger(__name__)

AT_ONCE_S = 0.5  # a server that has nothing to tell and yet answers faster than this is ill
WAIT_FOR_KEY_MS = 500
ROUNDS_FOR_KEYS = 20  # the server tells device messages a hundred at a time
NOTHING: dict[str, list[str]] = {"types": []}
FILTER = json.dumps(
    {
        "presence": NOTHING,
        "account_data": NOTHING,
        "room": {
            "timeline": {"limit": 100},
            "state": {"lazy_load_members": False},
            "ephemeral": {"types": ["m.receipt"]},
            "account_data": NOTHING,
        },
    }
)

Found = list[tuple[str, Event]]  # (room, event), in the order of each room


class Receiver:
    def __init__(self, session: Session, devices: Devices, rooms: Rooms) -> None:
        self._homeserver = session.homeserver
        self._crypto = session.crypto
        self._own_keys = session.own_keys
        self._patience = session.homeserver.patience
        self._user = session.user
        self._devices = devices
        self._rooms = rooms
        self._given_up: set[str] = set()  # room keys that did not come in time

    async def sync(self, since: str | None, *, wait: bool = True) -> Batch:
        """Everything behind `since`; if there is nothing yet, it waits for it or not.

        Without `since` only who is where now, nothing of what was said. Raises `Trouble`.
        """
        if since is None:
            # Synapse answers an equal question of the last minutes from memory; each is another
            news = await self._ask(None, secrets.randbelow(1_000))
            await self._take_in(news, None)
            return Batch((*self._present(news), *self._invitations(news, since)), news.token)
        news = await self._ask(since, self._patience.poll_ms if wait else 0)
        found = await self._take_in(news, since)
        others = [*self._receipts(news), *self._invitations(news, since)]
        for _ in range(ROUNDS_FOR_KEYS):
            if not self._lacking_keys(found):
                break
            token, more = news.token, bool(news.to_device)
            news = await self._ask(token, 0 if more else WAIT_FOR_KEY_MS)
            later = await self._take_in(news, token)
            found = [(room, self._open(room, event)) for room, event in found] + later
            others += [*self._receipts(news), *self._invitations(news, token)]
            if not more:
                break
        self._give_up(found)
        said = [updates.from_event(room, event, self._user) for room, event in found]
        return Batch((*_in_time(said), *others), news.token)

    async def keep_house(self) -> None:
        """What must be done now and then beside receiving. Raises `Trouble`."""
        await self._devices.upload()
        await self._devices.learn(self._rooms.everybody())  # before the next message needs it
        await self._devices.mend_sessions()
        await self._devices.tell_devices()

    async def _ask(self, since: str | None, wait_ms: int) -> News:
        query = {"filter": FILTER, "timeout": str(wait_ms), "set_presence": "offline"}
        if since is not None:
            query["since"] = since
        patience = self._patience
        within_s = wait_ms / 1000 + (patience.spare_s if since else patience.whole_s)
        begun = time.monotonic()
        answer = await self._homeserver.call(
            "GET", "client/v3/sync", query=query, within_s=within_s
        )
        news = take_apart(answer, begun)
        if news is None:
            raise Trouble("down", "sync without a token")
        if (
            wait_ms > AT_ONCE_S * 1000
            and news.token == since
            and time.monotonic() - begun < AT_ONCE_S
        ):
            raise Trouble("down", "sync does not wait")
        return news

    async def _take_in(self, news: News, since: str | None) -> Found:
        """Keys first, then state, then what was said, opened as far as we can."""
        for event in news.to_device:
            try:
                self._crypto.take_to_device(event)
            except BAD_INPUT as error:
                log.warning("bad device message", error=type(error).__name__)
        self._crypto.answer_key_requests()
        self._own_keys.told(news.answer)
        self._devices.changed(news.changed)
        for room in news.left:
            self._rooms.left(room)
        found: Found = []
        for room, there in news.joined.items():
            self._rooms.apply(room, [*there.state, *there.timeline], news.asked_at)
            if since is not None:
                events = await missed(self._homeserver, room, there, since) + there.timeline
                found += [(room, self._open(room, event)) for event in events]
        return found

    def _open(self, room: str, event: Event) -> Event:
        """The event decrypted, or as it is if that is not possible or not needed."""
        if not is_sealed(event) or event.get("sender") == self._user:
            return event
        try:
            return self._crypto.decrypt(room, event)
        except Undecryptable:
            return event

    def _sealed(self, found: Found) -> Iterator[tuple[str, Event, str]]:
        for room, event in found:
            if is_sealed(event) and event.get("sender") != self._user:
                yield room, event, str(event["content"].get("session_id"))

    def _lacking_keys(self, found: Found) -> bool:
        return any(key not in self._given_up for _, _, key in self._sealed(found))

    def _give_up(self, found: Found) -> None:
        for room, event, key in self._sealed(found):
            self._given_up.add(key)
            log.warning(
                "message cannot be decrypted",
                room=room,
                sender=event.get("sender"),
                event_id=event.get("event_id"),
                device=event["content"].get("device_id"),
            )
            self._crypto.ask_for_key(room, event)

    def _present(self, news: News) -> Iterator[Update]:
        for room, there in news.joined.items():
            members = {}
            for event in (*there.state, *there.timeline):
                if event.get("type") == "m.room.member":
                    members[event.get("state_key")] = event
            for event in members.values():
                update = updates.joined(room, event, self._user)
                if update:
                    yield update

    def _receipts(self, news: News) -> Iterator[Update]:
        for room, there in news.joined.items():
            for event in there.receipts:
                yield from updates.seen(room, event, self._user)

    def _invitations(self, news: News, since: str | None) -> Iterator[Update]:
        at = self._homeserver.date or 0  # an invitation bears no time and no id of its own
        for room, shown in news.invited.items():
            for event in shown:
                update = updates.invited(room, event, self._user, f"{room}:{since}", at)
                if update:
                    yield update


def _in_time(said: Iterable[Update | None]) -> list[Update]:
    """By time between rooms, in the server's order within each."""
    latest: dict[str, int] = {}
    keyed = []
    for update in said:
        if update is not None:
            latest[update.room] = max(update.at, latest.get(update.room, 0))
            keyed.append((latest[update.room], update))
    return [update for _, update in sorted(keyed, key=lambda pair: pair[0])]
