"""What the bot sends: texts and documents."""

import struct

from tests.kit.telegram.chats import Chat
from tests.kit.telegram.markup import (
    CAPTION_LIMIT,
    check_keyboard,
    check_text,
    commands_in,
    read_text,
)
from tests.kit.telegram.refusal import Json, Refused, bad_request, forbidden
from tests.kit.telegram.world import World

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_PHOTO = 10 * 1024 * 1024


def reachable(world: World, chat_id: object) -> Chat:
    """The chat that the bot may write in. Raises `Refused` with the reason why not."""
    chat = world.chats.known(chat_id)
    if chat.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    if chat.type == "private":
        world.people[chat.id].check_reachable()
    elif chat.bot_status in ("kicked", "left"):
        how = "was kicked from" if chat.bot_status == "kicked" else "is not a member of"
        raise forbidden(f"bot {how} the {chat.type} chat")
    return chat


def topic_of(chat: Chat, thread_id: int | None) -> int | None:
    """The topic to send to. Raises `Refused` when it is not there."""
    if thread_id is None:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not chat.bot_is_admin:
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def send_message(world: World, ask: Json) -> Json:
    """sendMessage."""
    chat = reachable(world, ask["chat_id"])
    content = read_text(ask["text"], ask.get("parse_mode"), ask.get("entities"))
    check_text(content["text"])
    return _send(world, chat, ask, content)


def send_chat_action(world: World, ask: Json) -> bool:
    """sendChatAction: nothing stays of it."""
    reachable(world, ask["chat_id"])
    return True


def send_document(world: World, ask: Json) -> Json:
    """sendDocument: a new file, or one that is here already by its `file_id`."""
    chat = reachable(world, ask["chat_id"])
    document = ask["document"]
    if isinstance(document, str):
        if document not in world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        told = world.file(document)
    elif not document[1]:
        raise bad_request("file must be non-empty")
    else:
        told = world.keep_file(*document)
    return _send(world, chat, ask, {"document": told} | _caption(ask))


def send_photo(world: World, ask: Json) -> Json:
    """sendPhoto, of a new PNG: bounded as the real server bounds it."""
    chat = reachable(world, ask["chat_id"])
    photo = ask["photo"]
    if isinstance(photo, str):
        raise bad_request("wrong file identifier/HTTP URL specified")
    name, content = photo
    if content[:8] != PNG or len(content) > LARGEST_PHOTO:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">LL", content[16:24])
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    told = world.keep_file(name, content)
    size = {key: value for key, value in told.items() if key != "file_name"}
    sizes = [size | {"width": width, "height": height}]
    return _send(world, chat, ask, {"photo": sizes} | _caption(ask))


def _caption(ask: Json) -> Json:
    caption = read_text(
        ask.get("caption") or "", ask.get("parse_mode"), ask.get("caption_entities")
    )
    if len(caption["text"]) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    body: Json = {}
    if caption["text"]:
        body["caption"] = caption["text"]
    if "entities" in caption:
        body["caption_entities"] = caption["entities"]
    return body


def _send(world: World, chat: Chat, ask: Json, content: Json) -> Json:
    thread_id = topic_of(chat, ask.get("message_thread_id"))
    markup = ask.get("reply_markup")
    check_keyboard(markup)
    content = content | _answered(chat, ask.get("reply_parameters"))
    if markup and markup.get("inline_keyboard"):
        content = content | {"reply_markup": markup}
    if ask.get("protect_content"):
        content = content | {"has_protected_content": True}
    silent = bool(ask.get("disable_notification"))
    return world.post(chat, world.bot, content, silent=silent, thread_id=thread_id).body


def _answered(chat: Chat, reply: Json | None) -> Json:
    if reply is None:
        return {}
    post = chat.posts.get(reply["message_id"])
    if post is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return {} if post is None else {"reply_to_message": quoted(post.body)}


def quoted(body: Json) -> Json:
    """A message as another one shows it above itself: without its own quote."""
    return {key: value for key, value in body.items() if key != "reply_to_message"}


def said(text: str) -> Json:
    """The content of a text that somebody writes."""
    marks = commands_in(text)
    return {"text": text} | ({"entities": marks} if marks else {})
