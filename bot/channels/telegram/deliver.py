"""What one delivery asks of the Bot API. Failures come as `Trouble`."""

from typing import Any

import structlog
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.constants import ChatAction

from bot.channels.base import (
    Accepted,
    Erase,
    EraseRoom,
    Leave,
    OpenRoom,
    Probe,
    Remove,
    Say,
    SendFile,
    SendPicture,
)
from bot.channels.telegram.address import Address
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.said import Said
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import event_id, message_of
from bot.picture.png import png

log = structlog.get_logger(__name__)

TALLEST_PHOTO = 1_280  # pixels; larger photos are made smaller there
LONGEST_TEXT = 4_096  # characters; the Bot API's bound
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # else the server visits every link
UNCHANGED = "message is not modified"
NOT_THERE = ("message to edit not found", "MESSAGE_ID_INVALID")
GONE = "message to delete not found"
NO_TOPIC = "TOPIC_ID_INVALID"  # asked to delete one that somebody deleted by hand

Placed = Say | SendFile | SendPicture | Erase | EraseRoom | Leave | OpenRoom | Probe | Remove


class Deliverer:
    def __init__(self, bot: Bot, upload_s: float) -> None:
        self._bot = bot
        self._upload_s = upload_s
        self._said = Said()

    async def do(self, delivery: Placed, place: Address) -> Accepted:
        """`place` is where it is now: groups move. Raises `Trouble`, and `ValueError` for what
        no server could do."""
        match delivery:
            case Say(replaces=None):
                return Accepted((await self._say(delivery, place),))
            case Say() if _known(delivery.replaces or "")[0] != place.chat:
                # the group moved, and nothing that stands in the old one can be changed
                return Accepted((await self._say(delivery, place),))
            case Say():
                return Accepted((await self._edit(delivery, place),))
            case SendFile():
                return Accepted((await self._send_file(delivery, place),))
            case SendPicture():
                return Accepted((await self._send_picture(delivery, place),))
            case OpenRoom():
                return Accepted((await self._open_topic(delivery, place),))
            case Erase():
                return Accepted(remains=await self._erase(delivery))
            case EraseRoom():
                await self._erase_topic(place)
            case Remove():
                await self._remove(delivery, place)
            case Leave():
                await self._bot.leave_chat(place.chat)
            case Probe():  # the one thing that can be sent and leaves nothing behind
                await self._bot.send_chat_action(place.chat, ChatAction.TYPING)
        return Accepted()

    async def _say(self, say: Say, place: Address) -> str:
        """Telegram knows no transaction ids: within this process the same key is said once."""
        if known := self._said.event(str(place), say.key):
            return known
        sent = await self._bot.send_message(
            place.chat,
            _fitting(say.text),
            message_thread_id=place.topic,
            disable_notification=not say.loud,
            protect_content=True,
            reply_markup=keyboard(say.keyboard),
            link_preview_options=NO_PREVIEW,
        )
        event = event_id(sent.chat.id, sent.message_id)
        self._said.note(str(place), say.key, event)
        return event

    async def _edit(self, say: Say, place: Address) -> str:
        """What somebody deleted by hand is said anew: a change must not pass unseen. In a topic
        that is gone this fails as any other message does."""
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
            if any(words in trouble.reason for words in NOT_THERE):
                return await self._say(say, place)
            if UNCHANGED not in trouble.reason:
                raise
        return about

    async def _send_file(self, file: SendFile, place: Address) -> str:
        sent = await self._bot.send_document(
            place.chat,
            InputFile(file.content, filename=file.name),
            message_thread_id=place.topic,
            disable_notification=True,
            protect_content=True,
            read_timeout=self._upload_s,
        )
        return event_id(sent.chat.id, sent.message_id)

    async def _send_picture(self, picture: SendPicture, place: Address) -> str:
        """As a photo, which is on the screen at once; a tall one as a document, because photos
        are made smaller until nobody can read them."""
        drawn = InputFile(await png(picture.svg), filename=picture.name)
        placed: dict[str, Any] = {
            "caption": picture.text,
            "message_thread_id": place.topic,
            "disable_notification": True,
            "protect_content": True,
            "read_timeout": self._upload_s,
        }
        if picture.height <= TALLEST_PHOTO:
            sent = await self._bot.send_photo(place.chat, drawn, **placed)
        else:
            sent = await self._bot.send_document(place.chat, drawn, **placed)
        return event_id(sent.chat.id, sent.message_id)

    async def _open_topic(self, wish: OpenRoom, place: Address) -> str:
        """After an answer that never came there may be two of one name. Nobody is told of the
        first, and it stays empty."""
        made = await self._bot.create_forum_topic(place.chat, wish.name)
        return str(Address(place.chat, made.message_thread_id))

    async def _erase(self, erase: Erase) -> tuple[str, ...]:
        """What remains: after 48 hours, or without the right to it, the server erases nothing."""
        if message_of(erase.about) is None:
            return ()  # a tap leaves no trace here
        chat, number = _known(erase.about)
        try:
            await self._bot.delete_message(chat, number)
        except Trouble as trouble:
            if trouble.kind not in ("refused", "moved"):
                raise
            gone = GONE in trouble.reason
            log.warning("not_erased", why=trouble.reason, gone=gone)
            return () if gone else (erase.about,)
        return ()

    async def _erase_topic(self, place: Address) -> None:
        """With all messages in it, of whatever age: the bound of 48 hours is that of single
        messages (documentation of `deleteForumTopic` and `deleteMessage`)."""
        if place.topic is None:
            raise ValueError("only topics are erased")
        try:
            await self._bot.delete_forum_topic(place.chat, place.topic)
        except Trouble as trouble:
            if NO_TOPIC not in trouble.reason:
                raise

    async def _remove(self, wish: Remove, place: Address) -> None:
        """Out of the group, but not for good: an invitation lets them in again."""
        await self._bot.ban_chat_member(place.chat, int(wish.user))
        await self._bot.unban_chat_member(place.chat, int(wish.user), only_if_banned=True)


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
