"""Turns what the Bot API reports into updates."""

import re
from datetime import datetime
from typing import Any

import structlog
import telegram

from bot.channels.base import Update, UpdateKind
from bot.channels.telegram import membership
from bot.channels.telegram.address import Address
from commands.update import Document

log = structlog.get_logger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
LONGEST_NAME = 255  # of a file
LONGEST = 4_000  # characters; the commands refuse much shorter ones already
FILES = (
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "invoice",
    "location", "paid_media", "photo", "poll", "sticker", "story", "venue", "video",
    "video_note", "voice",
)  # fmt: skip
_COMMAND = re.compile(r"(/\w+)@(\w+)")


def event_id(chat: int | str, number: int | str) -> str:
    """Message numbers are counted per chat; ours must be unique among all."""
    return f"{chat}:{number}"


def message_of(event: str) -> tuple[int, int] | None:
    """Chat and number of a message, or none for what is no message."""
    chat, _, number = event.partition(":")
    try:
        return int(chat), int(number)
    except ValueError:
        return None


def from_raw(raw: Any, own_name: str, now: int) -> Update | None:
    """The update for one raw report, or none if it means nothing to us.

    `own_name` is our user name without the @. `now` is for what bears no time (UTC epoch ms).
    Never raises: what cannot be understood is unreadable, and logged without its content.
    """
    if isinstance(raw, dict) and raw.keys().isdisjoint(KINDS):
        log.info("update_not_for_us", update=number_of(raw))
        return None
    try:
        return _from(telegram.Update.de_json(raw, None), own_name, now)
    except Exception as error:  # one report that cannot be parsed never stalls the others
        number = number_of(raw)
        log.exception("update_not_parsed", update=number, error_type=type(error).__name__)
        return _unreadable(raw, number, now)


def number_of(raw: Any) -> int | None:
    """The number by which the server counts this report."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int else None


def _from(update: telegram.Update, own_name: str, now: int) -> Update | None:
    number = str(update.update_id)
    if update.callback_query is not None:
        return _tap(number, update.callback_query, now)
    if update.my_chat_member is not None:
        return membership.ours(number, update.my_chat_member)
    if update.chat_member is not None:
        return membership.of_others(number, update.chat_member)
    if update.message is not None:
        return _message(number, update.message, own_name, edit=False)
    if update.edited_message is not None:
        return _message(number, update.edited_message, own_name, edit=True)
    raise ValueError("a report of nothing")


def _tap(number: str, query: telegram.CallbackQuery, now: int) -> Update | None:
    if query.message is None or query.data is None or query.from_user.is_bot:
        log.info("tap_not_for_us", update=number)
        return None
    place, sender = Address.of(query.message), str(query.from_user.id)
    about = event_id(place.chat, query.message.message_id)
    return Update(
        number,
        "tap",
        str(place),
        sender,
        now,
        text=query.data[:LONGEST],
        about=about,
        timed=False,  # the Bot API tells no time of a press
    )


def _message(number: str, message: telegram.Message, own_name: str, *, edit: bool) -> Update | None:
    room = str(Address.of(message))
    sender = message.from_user
    if message.migrate_to_chat_id is not None and not edit:  # nobody can write or forward this
        who, moved_to = str(sender.id) if sender else "", str(message.migrate_to_chat_id)
        return Update(number, "moved", room, who, _time(message.date), text=moved_to)
    nobody = sender is None or sender.is_bot or message.sender_chat is not None
    if sender is None or (nobody and not message.is_topic_message):
        log.info("message_of_no_person", update=number, chat=message.chat.type)
        return None
    answered = message.reply_to_message
    if answered is not None and answered.forum_topic_created is not None:
        answered = None  # in a topic everything hangs on its first message
    kind: UpdateKind = "text"
    text, document = "", None
    if isinstance(message.text, str):
        found = _without_name(message.text, own_name)
        if found is None:
            return None
        text = found[:LONGEST]
    elif any(getattr(message, name, None) for name in FILES):
        kind, document = "file", None if edit else _document(message)
    elif message.api_kwargs or message.text is not None:
        kind = "unreadable"  # newer than the library
    else:
        return None  # a notice of the messenger itself: pinned, joined, topic made
    return Update(
        update_id=number,
        kind=kind,
        room=room,
        # in a topic somebody must look at it: a stranger's words do not stay in a case
        sender="" if nobody else str(sender.id),
        at=_time(message.edit_date if edit and message.edit_date else message.date),
        text=text,
        about=None if answered is None else event_id(message.chat.id, answered.message_id),
        reply=answered is not None,
        edit=edit,
        # what another bot wrote for somebody was not typed by them either
        forwarded=message.forward_origin is not None or message.via_bot is not None,
        event_id=event_id(message.chat.id, message.message_id),
        document=document,
    )


def _document(message: telegram.Message) -> Document | None:
    """What was sent as a file; a moving picture comes as a document too, and is none."""
    sent = message.document
    if sent is None or message.animation is not None:
        return None
    name, kind = (sent.file_name or "")[-LONGEST_NAME:], (sent.mime_type or "")[:LONGEST_NAME]
    return Document(name, kind, sent.file_size, sent.file_id)


def _without_name(text: str, own_name: str) -> str | None:
    """`/alarm@our_bot spoed` is `/alarm spoed`; none if another bot is meant."""
    found = _COMMAND.match(text)
    if found is None:
        return text
    if own_name and found.group(2).casefold() != own_name.casefold():
        return None
    return found.group(1) + text[found.end() :]


def _unreadable(raw: Any, number: int | None, now: int) -> Update | None:
    if number is None:
        return None
    for name in KINDS:
        if isinstance(part := raw.get(name), dict):
            holder = part["message"] if isinstance(part.get("message"), dict) else part
            room, sender = _id(holder.get("chat")), _id(part.get("from"))
            return Update(str(number), "unreadable", room, sender, now)
    return Update(str(number), "unreadable", "", "", now)


def _id(whose: object) -> str:
    number = whose.get("id") if isinstance(whose, dict) else None
    return str(number) if type(number) is int else ""


def _time(at: datetime) -> int:
    return int(at.timestamp() * 1000)
