"""What the bot changes afterwards: texts, buttons, removals, and answers to presses."""

from tests.kit.telegram.chats import Chat, Post
from tests.kit.telegram.markup import check_keyboard, check_text, read_text
from tests.kit.telegram.refusal import Json, bad_request
from tests.kit.telegram.sending import reachable
from tests.kit.telegram.world import EDITABLE, World

DELETABLE_MS = 48 * 3600 * 1000
ANSWER_LIMIT = 200


def edit_text(world: World, ask: Json) -> Json:
    """editMessageText. Without a keyboard in the request the message loses its own."""
    chat, post = _own(world, ask)
    if "text" not in post.body:
        raise bad_request("there is no text in the message to edit")
    content = read_text(ask["text"], ask.get("parse_mode"), ask.get("entities"))
    check_text(content["text"])
    return _change(world, chat, post, content, ask.get("reply_markup"))


def edit_markup(world: World, ask: Json) -> Json:
    """editMessageReplyMarkup."""
    chat, post = _own(world, ask)
    content = {key: post.body[key] for key in EDITABLE[:-1] if key in post.body}
    return _change(world, chat, post, content, ask.get("reply_markup"))


def delete_message(world: World, ask: Json) -> bool:
    """deleteMessage: within 48 hours by the server's clock."""
    chat = reachable(world, ask["chat_id"])
    post = chat.posts.get(ask["message_id"])
    if post is None:
        raise bad_request("message to delete not found")
    if world.clock.now() - post.at >= DELETABLE_MS:
        raise bad_request("message can't be deleted for everyone")
    if not (post.by_bot or chat.type == "private" or chat.bot_is_admin):
        raise bad_request("message can't be deleted")
    world.remove(chat, post.message_id)
    return True


def answer_press(world: World, ask: Json) -> bool:
    """answerCallbackQuery."""
    press = world.presses.get(ask["callback_query_id"])
    if press is None or press.too_old:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = ask.get("text") or ""
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer(text, alert=bool(ask.get("show_alert")))
    return True


def _own(world: World, ask: Json) -> tuple[Chat, Post]:
    chat = reachable(world, ask["chat_id"])
    post = chat.posts.get(ask["message_id"])
    if post is None:
        raise bad_request("message to edit not found")
    if not post.by_bot:
        raise bad_request("message can't be edited")
    return chat, post


def _change(world: World, chat: Chat, post: Post, content: Json, markup: Json | None) -> Json:
    check_keyboard(markup)
    if markup and markup.get("inline_keyboard"):
        content = content | {"reply_markup": markup}
    if content == {key: post.body[key] for key in EDITABLE if key in post.body}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly"
            " the same as a current content and reply markup of the message"
        )
    world.change(chat, post, content)
    return post.body
