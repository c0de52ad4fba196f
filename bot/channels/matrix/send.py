"""Carries out deliveries: one after the other within a room, side by side between rooms."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.channels.base import (
    Accepted,
    Buttons,
    Delivery,
    Enter,
    Erase,
    EraseRoom,
    Fetch,
    FindUnsigned,
    Invite,
    Later,
    Leave,
    OpenRoom,
    Probe,
    Receipt,
    Refused,
    Remove,
    Say,
    SendFile,
    SendPicture,
)
from bot.channels.matrix import content
from bot.channels.matrix.attachments import fetched
from bot.channels.matrix.homeserver import Trouble, part
from bot.channels.matrix.open_room import RoomMaker
from bot.channels.matrix.session import Session
from bot.channels.matrix.sharing import Sharing
from bot.picture.png import NotDrawn, png

log = structlog.get_logger(__name__)

BROKEN_AGAIN_MS = 10_000


class Sender:
    def __init__(self, session: Session, sharing: Sharing, maker: RoomMaker) -> None:
        self._homeserver = session.homeserver
        self._user = session.user
        self._sharing = sharing
        self._maker = maker
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._failed_at = 0.0
        self._running: set[asyncio.Task[Receipt]] = set()

    async def send(self, delivery: Delivery) -> Receipt:
        """Never raises for what a server does. Goes on in the background if it is cancelled:
        half a sharing of keys would leave somebody unable to read."""
        if isinstance(delivery, Fetch):  # in nobody's way: a page to this room does not wait for it
            task = asyncio.create_task(self._fetch(delivery))
        else:
            task = asyncio.create_task(self._carry_out(delivery))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finish(self, within_s: float) -> None:
        """Wait for what is still being sent; what is not done by then is cancelled."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _carry_out(self, delivery: Delivery) -> Receipt:
        place = delivery.key if isinstance(delivery, OpenRoom) else delivery.room
        begun = time.monotonic()
        async with self._locks.setdefault(place, asyncio.Lock()):
            if self._failed_at > begun:  # not everybody in the queue must wait for a dead server
                return Later("the server failed meanwhile", channel_down=True)
            try:
                return Accepted(await self._do(delivery))
            except Trouble as trouble:
                if trouble.kind in ("down", "revoked"):
                    self._failed_at = time.monotonic()
                return _receipt(trouble)
            except Exception as error:  # one bad delivery must not end the others
                log.exception("delivery failed", kind=type(delivery).__name__)
                return Later(f"internal: {type(error).__name__}", after_ms=BROKEN_AGAIN_MS)

    async def _fetch(self, wish: Fetch) -> Receipt:
        """That a file cannot be had tells nothing of the server's health."""
        try:
            return Accepted(content=await fetched(self._homeserver, wish))
        except Trouble as trouble:
            receipt = _receipt(trouble)
            return replace(receipt, channel_down=False) if isinstance(receipt, Later) else receipt
        except Exception as error:
            log.exception("delivery failed", kind="Fetch")
            return Refused(f"internal: {type(error).__name__}")

    def _do(self, delivery: Delivery) -> Awaitable[tuple[str, ...]]:
        match delivery:
            case Say():
                return self._say(delivery)
            case Buttons():
                return self._set_buttons(delivery)
            case OpenRoom():
                return self._open(delivery)
            case Invite():
                return self._invite(delivery)
            case Remove():
                return self._remove(delivery)
            case Erase():
                return self._erase(delivery)
            case SendFile():
                return self._send_file(delivery)
            case SendPicture():
                return self._send_picture(delivery)
            case Enter():
                return self._enter(delivery)
            case Leave():
                return self._leave(delivery)
            case FindUnsigned():
                return self._find_unsigned(delivery)
            case Probe():
                return self._probe(delivery)
            case EraseRoom():
                raise Trouble("refused", "everybody has a copy of the room here")
            case Fetch():
                raise ValueError("fetching has no turn in a room")

    async def _say(self, say: Say) -> tuple[str, ...]:
        return (await self._post(say.room, say.key, content.message(say)),)

    async def _send_file(self, file: SendFile) -> tuple[str, ...]:
        encrypted, keys = content.sealed(file.content)
        answer = await self._homeserver.call(
            "POST", "media/v3/upload", encrypted, within_s=self._homeserver.patience.upload_s
        )
        message = content.attachment(file, keys, str(answer["content_uri"]))
        return (await self._post(file.room, file.key, message),)

    async def _send_picture(self, picture: SendPicture) -> tuple[str, ...]:
        try:
            drawn = await png(picture.svg)
        except NotDrawn as error:
            raise Trouble("refused", str(error)) from error
        encrypted, keys = content.sealed(drawn)
        answer = await self._homeserver.call(
            "POST", "media/v3/upload", encrypted, within_s=self._homeserver.patience.upload_s
        )
        message = content.image(picture, len(drawn), keys, str(answer["content_uri"]))
        return (await self._post(picture.room, picture.key, message),)

    async def _post(self, room: str, key: str, message: dict[str, Any]) -> str:
        kind, body = await self._sharing.seal(room, "m.room.message", message)
        return await self._put(room, f"send/{kind}", key, {**body, content.KEY: key})

    async def _put(self, room: str, what: str, key: str, body: dict[str, Any]) -> str:
        path = f"client/v3/rooms/{part(room)}/{what}/{part(key)}"
        return str((await self._homeserver.call("PUT", path, body))["event_id"])

    async def _set_buttons(self, buttons: Buttons) -> tuple[str, ...]:
        standing = dict(buttons.standing)
        ids = []
        for place, emoji in enumerate(buttons.emoji, 1):
            if emoji not in standing:
                key = f"{buttons.key}-{place}"
                ids.append(await self._react(buttons.room, key, buttons.about, emoji))
            else:
                ids.append(standing[emoji])
        for emoji, event_id in standing.items():
            if emoji not in buttons.emoji:
                key = f"{buttons.key}-off-{event_id}"
                await self._put(buttons.room, f"redact/{part(event_id)}", key, {})
        return tuple(ids)

    async def _react(self, room: str, key: str, about: str, emoji: str) -> str:
        try:
            return await self._put(room, "send/m.reaction", key, content.reaction(about, emoji))
        except Trouble as trouble:
            if trouble.code != "M_DUPLICATE_ANNOTATION":
                raise
        # set by an earlier login of ours, whose transaction ids the server does not compare
        path = f"client/v1/rooms/{part(room)}/relations/{part(about)}/m.annotation/m.reaction"
        answer = await self._homeserver.call("GET", path, query={"limit": "500"})
        for event in answer.get("chunk", []):
            relation = event.get("content", {}).get("m.relates_to", {})
            if event.get("sender") == self._user and relation.get("key") == emoji:
                return str(event["event_id"])
        raise Trouble("down", "our own reaction was not found")

    async def _open(self, wish: OpenRoom) -> tuple[str, ...]:
        return (await self._maker.open(wish),)

    async def _invite(self, wish: Invite) -> tuple[str, ...]:
        await self._maker.invite(wish.room, wish.user)
        return ()

    async def _remove(self, wish: Remove) -> tuple[str, ...]:
        await self._maker.remove(wish.room, wish.user)
        return ()

    async def _enter(self, wish: Enter) -> tuple[str, ...]:
        await self._maker.enter(wish.room)
        return ()

    async def _leave(self, wish: Leave) -> tuple[str, ...]:
        await self._maker.leave(wish.room)
        return ()

    async def _probe(self, wish: Probe) -> tuple[str, ...]:
        if not await self._maker.is_in(wish.room, wish.user):
            raise Trouble("refused", "not in the room")
        return ()

    async def _find_unsigned(self, wish: FindUnsigned) -> tuple[str, ...]:
        return tuple(await self._sharing.unsigned(wish.user))

    async def _erase(self, wish: Erase) -> tuple[str, ...]:
        # its own key: within a room the server takes equal transaction ids for the same event
        key = f"{wish.key}-erase"
        return (await self._put(wish.room, f"redact/{part(wish.about)}", key, {}),)


def _receipt(trouble: Trouble) -> Receipt:
    match trouble.kind:
        case "refused":
            return Refused(trouble.reason)
        case "limited":
            return Later(trouble.reason, after_ms=trouble.after_ms)
        case "down" | "revoked":
            return Later(
                trouble.reason,
                after_ms=trouble.after_ms,
                channel_down=True,
                unknown=trouble.unknown,
            )
