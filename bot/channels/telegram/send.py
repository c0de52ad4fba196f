"""Carries out deliveries, one attempt each: in order within a chat, side by side between chats."""

import asyncio
from weakref import WeakValueDictionary

import structlog
from telegram import InputFile, LinkPreviewOptions

from bot.channels.base import (
    Accepted,
    Buttons,
    Delivery,
    Enter,
    Erase,
    FindUnsigned,
    Invite,
    Later,
    Leave,
    OpenRoom,
    Receipt,
    Refused,
    Remove,
    Say,
    SendFile,
)
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.limits import Limiter, is_group
from bot.channels.telegram.line import Line
from bot.channels.telegram.said import Said
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import event_id, message_of

log = structlog.get_logger(__name__)

BROKEN_AGAIN_MS = 10_000
LONGEST_TEXT = 4_096  # characters; the Bot API's bound
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # else the server visits every link
UNCHANGED = "message is not modified"
GONE = "message to delete not found"

Placed = Say | SendFile | Erase | Leave


class Sender:
    def __init__(self, line: Line, limiter: Limiter) -> None:
        self._bot = line.bot
        self._upload_s = line.patience.upload_s
        self._limiter = limiter
        self._turns: WeakValueDictionary[tuple[str, bool], asyncio.Lock] = WeakValueDictionary()
        self._moved: dict[str, str] = {}  # group → the supergroup that it became
        self._said = Said()

    async def send(self, delivery: Delivery) -> Receipt:
        """Never raises for what a server does."""
        match delivery:
            case OpenRoom(direct=True):
                return Refused("a person must press start first")
            case OpenRoom():
                return Refused("a bot cannot make rooms here")
            case Buttons() | Invite() | Remove() | Enter() | FindUnsigned():
                return Accepted()  # buttons go with their message; the rest does not exist here
            case Leave() if not is_group(delivery.room):
                return Accepted()
        urgent = isinstance(delivery, Say) and delivery.urgent
        turn = self._turns.setdefault((delivery.room, urgent), asyncio.Lock())
        async with turn:
            return await self._in_turn(delivery, urgent=urgent)

    async def _in_turn(self, delivery: Placed, *, urgent: bool) -> Receipt:
        room = self._moved.get(delivery.room, delivery.room)
        light = isinstance(delivery, Erase | Leave)
        if wait := await self._limiter.enter(room, urgent=urgent, light=light):
            return Later("our own limit", after_ms=wait)
        try:
            return await self._do(delivery, room)
        except Trouble as trouble:
            if trouble.kind == "moved" and trouble.moved_to != room:
                log.warning("group_moved", room=room, moved_to=trouble.moved_to)
                self._moved[delivery.room] = trouble.moved_to
                return await self._in_turn(delivery, urgent=urgent)
            return self._receipt(trouble, room)
        except ValueError as error:  # of our own making: a button or an address that cannot be
            log.exception("delivery_impossible", kind=type(delivery).__name__)
            return Refused(str(error))
        except Exception as error:  # one bad delivery must not end the others
            log.exception("delivery_failed", kind=type(delivery).__name__)
            reason = f"internal: {type(error).__name__}"
            return Later(reason, after_ms=BROKEN_AGAIN_MS, unknown=True)

    async def _do(self, delivery: Placed, room: str) -> Accepted:
        moved_to = room if room != delivery.room else None
        match delivery:
            case Say(replaces=None):
                ids: tuple[str, ...] = (await self._say(delivery, room),)
            case Say():
                ids = (await self._edit(delivery),)
            case SendFile():
                ids = (await self._send_file(delivery, room),)
            case Erase():
                return Accepted(remains=await self._erase(delivery))
            case Leave():
                await self._bot.leave_chat(int(room))
                ids = ()
        return Accepted(ids, moved_to=moved_to)

    async def _say(self, say: Say, room: str) -> str:
        """Telegram knows no transaction ids: within this process the same key is said once."""
        if known := self._said.event(room, say.key):
            return known
        sent = await self._bot.send_message(
            int(room),
            _fitting(say.text),
            disable_notification=not say.loud,
            protect_content=True,
            reply_markup=keyboard(say.keyboard),
            link_preview_options=NO_PREVIEW,
        )
        event = event_id(sent.chat.id, sent.message_id)
        self._said.note(room, say.key, event)
        return event

    async def _edit(self, say: Say) -> str:
        about = say.replaces or ""
        chat, number = _known(about)
        try:
            await self._bot.edit_message_text(
                _fitting(say.text),
                chat_id=chat,
                message_id=number,
                reply_markup=keyboard(say.keyboard),
                link_preview_options=NO_PREVIEW,
            )
        except Trouble as trouble:
            if UNCHANGED not in trouble.reason:
                raise
        return about

    async def _send_file(self, file: SendFile, room: str) -> str:
        sent = await self._bot.send_document(
            int(room),
            InputFile(file.content, filename=file.name),
            disable_notification=True,
            protect_content=True,
            read_timeout=self._upload_s,
        )
        return event_id(sent.chat.id, sent.message_id)

    async def _erase(self, erase: Erase) -> tuple[str, ...]:
        """What remains: after 48 hours, or without the right to it, the server erases nothing."""
        if message_of(erase.about) is None:
            return ()  # a tap leaves no trace here
        chat, number = _known(erase.about)
        try:
            await self._bot.delete_message(chat, number)
        except Trouble as trouble:
            if trouble.kind != "refused":
                raise
            gone = GONE in trouble.reason
            log.warning("not_erased", why=trouble.reason, gone=gone)
            return () if gone else (erase.about,)
        return ()

    def _receipt(self, trouble: Trouble, room: str) -> Receipt:
        match trouble.kind:
            case "limited":  # this chat only; the others go on
                self._limiter.pause(room, trouble.after_ms)
                return Later(trouble.reason, after_ms=trouble.after_ms)
            case "blocked":
                log.warning("blocked", group=is_group(room), why=trouble.reason)
                return Refused("blocked")
            case "refused" | "moved":
                return Refused(trouble.reason)
            case "down" | "revoked" | "conflict":
                return Later(
                    trouble.reason,
                    after_ms=trouble.after_ms,
                    channel_down=True,
                    unknown=trouble.unknown,
                )


def _known(event: str) -> tuple[int, int]:
    """Raises `ValueError` for what is no message of this messenger."""
    found = message_of(event)
    if found is None:
        raise ValueError("not a message of this messenger")
    return found


def _fitting(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    log.warning("message_cut", length=len(text))
    return text[: LONGEST_TEXT - 1] + "…"
