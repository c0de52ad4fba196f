"""Carries out deliveries, one attempt each: in order within a place, side by side between them."""

import asyncio
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot.channels.base import (
    Accepted,
    Buttons,
    Delivery,
    Enter,
    Erase,
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
)
from bot.channels.telegram.address import Address, chat_of
from bot.channels.telegram.deliver import Deliverer, Placed
from bot.channels.telegram.limits import Limiter, is_group
from bot.channels.telegram.line import Line
from bot.channels.telegram.trouble import Trouble

log = structlog.get_logger(__name__)

BROKEN_AGAIN_MS = 10_000
NO_PLACE = ("chat not found", "message thread not found")  # deleted by hand


class Sender:
    def __init__(self, line: Line, limiter: Limiter) -> None:
        self._line = line
        self._deliverer = Deliverer(line.bot, line.patience.upload_s)
        self._limiter = limiter
        self._turns: WeakValueDictionary[tuple[str, bool], asyncio.Lock] = WeakValueDictionary()
        self._moved: dict[int, int] = {}  # group → the supergroup that it became

    async def send(self, delivery: Delivery) -> Receipt:
        """Never raises for what a server does."""
        match delivery:
            case OpenRoom(direct=True):
                return Refused("a person must press start first")
            case OpenRoom(under=None):
                return Refused("no group is known in which a topic could be made")
            case Buttons() | Invite() | Enter() | FindUnsigned():
                return Accepted()  # buttons go with their message; the rest does not exist here
            case Fetch():  # puts nothing into the chat: no limit counts it, no page waits for it
                return await self._fetch(delivery)
            case Leave() | Remove() if not is_group(delivery.room):
                return Accepted()
        room = (delivery.under or "") if isinstance(delivery, OpenRoom) else delivery.room
        urgent = isinstance(delivery, Say) and delivery.urgent
        turn = self._turns.setdefault((room, urgent), asyncio.Lock())
        async with turn:
            return await self._in_turn(delivery, room, urgent=urgent)

    async def _fetch(self, wish: Fetch) -> Receipt:
        """That a file cannot be had tells nothing of the messenger's health."""
        try:
            return Accepted(content=await self._line.fetch(wish.source, wish.most_bytes))
        except Trouble as trouble:
            if trouble.kind in ("refused", "moved", "blocked"):
                return Refused(trouble.reason)
            return Later(trouble.reason, after_ms=trouble.after_ms)
        except Exception as error:  # one bad delivery must not end the others
            log.exception("delivery_failed", kind="Fetch")
            return Refused(f"internal: {type(error).__name__}")

    async def _in_turn(self, delivery: Placed, room: str, *, urgent: bool) -> Receipt:
        light = isinstance(delivery, Erase | Leave | Probe | Remove)
        try:
            place = self._now_at(Address.read(room))
            if wait := await self._limiter.enter(str(place.chat), urgent=urgent, light=light):
                return Later("our own limit", after_ms=wait)
            done = await self._deliverer.do(delivery, place)
            return replace(done, moved_to=str(place)) if str(place) != room else done
        except Trouble as trouble:
            if trouble.kind == "moved" and trouble.moved_to != str(place.chat):
                log.warning("group_moved", room=str(place), moved_to=trouble.moved_to)
                self._moved[Address.read(room).chat] = int(trouble.moved_to)
                return await self._in_turn(delivery, room, urgent=urgent)
            return self._receipt(trouble, room)
        except ValueError as error:  # of our own making: a button or an address that cannot be
            log.exception("delivery_impossible", kind=type(delivery).__name__)
            return Refused(str(error))
        except Exception as error:  # one bad delivery must not end the others
            log.exception("delivery_failed", kind=type(delivery).__name__)
            reason = f"internal: {type(error).__name__}"
            return Later(reason, after_ms=BROKEN_AGAIN_MS, unknown=True)

    def _now_at(self, place: Address) -> Address:
        return replace(place, chat=self._moved.get(place.chat, place.chat))

    def _receipt(self, trouble: Trouble, room: str) -> Receipt:
        match trouble.kind:
            case "limited":  # this chat only; the others go on
                self._limiter.pause(chat_of(room), trouble.after_ms)
                return Later(trouble.reason, after_ms=trouble.after_ms)
            case "blocked":
                log.warning("blocked", group=is_group(room), why=trouble.reason)
                return Refused("blocked")
            case "refused" | "moved":
                gone = any(words in trouble.reason for words in NO_PLACE)
                return Refused(trouble.reason, gone=gone)
            case "down" | "revoked" | "conflict":
                return Later(
                    trouble.reason,
                    after_ms=trouble.after_ms,
                    channel_down=True,
                    unknown=trouble.unknown,
                )
