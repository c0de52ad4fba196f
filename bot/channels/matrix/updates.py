"""Turns events of a room, already decrypted, into updates."""

from collections.abc import Iterator
from typing import Any

from bot.channels.base import Update, UpdateKind
from bot.channels.matrix.attachments import document_of
from bot.channels.matrix.content import KEY
from bot.channels.matrix.emoji import plain
from commands.update import Document

LONGEST = 4_000  # characters; the commands refuse much shorter ones already
TEXTS = {"m.text", "m.emote"}
FILES = {"m.image", "m.audio", "m.video", "m.file", "m.location"}
GONE = ("leave", "ban")
THERE = ("invite", "join")


def from_event(room: str, event: dict[str, Any], own_user: str) -> Update | None:
    """The update of one timeline event, or none if it means nothing to us.

    `event` is malformed where somebody made it so: then it is unreadable, if it was a message.
    """
    content = event.get("content")
    if not isinstance(content, dict):
        return None
    kind = event.get("type")
    if kind == "m.room.member":
        return _membership(room, event, content, own_user)
    if event.get("sender") == own_user:
        return _sent_by_another(room, event, content)
    if "state_key" in event:
        return None
    if not content and kind != "m.room.redaction":
        return None  # taken away before we came to it
    match kind:
        case "m.room.message":
            return _message(room, event, content)
        case "m.reaction":
            return _tap(room, event, content)
        case "m.room.redaction":
            about = event.get("redacts") or content.get("redacts")
            return _update(room, event, "untap", about=str(about)) if about else None
        case "m.sticker":
            return _update(room, event, "file")
        case "m.room.encrypted":  # what is still encrypted here could not be decrypted
            return _update(room, event, "unreadable")
    return None


def _sent_by_another(room: str, event: dict[str, Any], content: dict[str, Any]) -> Update | None:
    """Our own messages come back to us. Of this login the server tells the transaction as well."""
    key, unsigned = content.get(KEY), event.get("unsigned")
    ours = isinstance(unsigned, dict) and "transaction_id" in unsigned
    return _update(room, event, "sent", text=key) if isinstance(key, str) and not ours else None


def joined(room: str, event: dict[str, Any], own_user: str) -> Update | None:
    """The update for a membership that already stood when we came."""
    content = event.get("content")
    user = event.get("state_key")
    if event.get("type") != "m.room.member" or not isinstance(content, dict):
        return None
    if content.get("membership") != "join" or user == own_user:
        return None
    return _update(room, {**event, "sender": user}, "joined")


def invited(room: str, event: dict[str, Any], own_user: str, mark: str, at: int) -> Update | None:
    """The update for an invitation of ours; `mark` tells it from an earlier one."""
    content = event.get("content")
    if event.get("type") != "m.room.member" or event.get("state_key") != own_user:
        return None
    if not isinstance(content, dict) or content.get("membership") != "invite":
        return None
    return Update(f"invited:{mark}", "invited", room, str(event.get("sender")), at)


def seen(room: str, event: dict[str, Any], own_user: str) -> Iterator[Update]:
    """One update for every read receipt."""
    content = event.get("content")
    if event.get("type") != "m.receipt" or not isinstance(content, dict):
        return
    for event_id, receipts in content.items():
        for kind in ("m.read", "m.read.private"):
            readers = receipts.get(kind) if isinstance(receipts, dict) else None
            if not isinstance(readers, dict):
                continue
            for user, receipt in readers.items():
                at = receipt.get("ts") if isinstance(receipt, dict) else None
                if user != own_user:
                    mark = f"seen:{room}:{user}:{event_id}"
                    yield Update(mark, "seen", room, user, _time(at), about=event_id)


def _message(room: str, event: dict[str, Any], content: dict[str, Any]) -> Update | None:
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, dict) else {}
    about = None
    edit = relation.get("rel_type") == "m.replace"
    if edit:
        about = relation.get("event_id")
        content = content.get("m.new_content", {})
        if not isinstance(content, dict):
            return _update(room, event, "unreadable")
    elif not relation.get("is_falling_back"):  # in a thread it is no real reply
        answered = relation.get("m.in_reply_to")
        about = answered.get("event_id") if isinstance(answered, dict) else None
    kind, body = content.get("msgtype"), content.get("body")
    if not isinstance(kind, str):
        return None
    if kind in FILES:
        document = document_of(content) if kind == "m.file" and not edit else None
        return _update(room, event, "file", document=document)
    if kind not in TEXTS:
        return None  # notices are for programs not to answer, the rest is not for us
    if not isinstance(body, str):
        return _update(room, event, "unreadable")
    reply = about is not None and not edit
    text = _without_quote(body) if reply else body
    about = str(about) if about is not None else None
    return _update(room, event, "text", text=text[:LONGEST], about=about, reply=reply, edit=edit)


def _without_quote(body: str) -> str:
    """Old clients repeat what they answer, as lines with `> ` and an empty line."""
    lines = body.split("\n")
    if not lines[0].startswith("> <"):
        return body
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines).lstrip("\n")


def _tap(room: str, event: dict[str, Any], content: dict[str, Any]) -> Update | None:
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict) or relation.get("rel_type") != "m.annotation":
        return None
    key, about = relation.get("key"), relation.get("event_id")
    if not isinstance(key, str) or not isinstance(about, str):
        return None
    return _update(room, event, "tap", text=plain(key)[:LONGEST], about=about)


def _membership(
    room: str, event: dict[str, Any], content: dict[str, Any], own_user: str
) -> Update | None:
    user = event.get("state_key")
    if not isinstance(user, str) or user == own_user:
        return None
    unsigned = event.get("unsigned")
    earlier = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    before = earlier.get("membership") if isinstance(earlier, dict) else None
    now = content.get("membership")
    if now == "join" and before != "join":  # else only the name or picture changed
        return _update(room, {**event, "sender": user}, "joined")
    if now in GONE and before in (*THERE, None):
        return _update(room, {**event, "sender": user}, "left")
    return None


def _update(
    room: str,
    event: dict[str, Any],
    kind: UpdateKind,
    *,
    text: str = "",
    about: str | None = None,
    reply: bool = False,
    edit: bool = False,
    document: Document | None = None,
) -> Update:
    return Update(
        update_id=str(event.get("event_id")),
        kind=kind,
        room=room,
        sender=str(event.get("sender")),
        at=_time(event.get("origin_server_ts")),
        text=text,
        about=about,
        reply=reply,
        edit=edit,
        document=document,
    )


def _time(at: object) -> int:
    return at if isinstance(at, int) else 0
