"""What the bot does with a forum's topics."""

from tests.kit.telegram.chats import Chat, Topic
from tests.kit.telegram.refusal import Json, bad_request
from tests.kit.telegram.sending import reachable
from tests.kit.telegram.world import World

NAME_LIMIT = 128
COLOUR = 7322096


def create_topic(world: World, ask: Json) -> Json:
    """createForumTopic."""
    chat = _forum(world, ask)
    name = ask["name"]
    if not 1 <= len(name) <= NAME_LIMIT:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    made = {"name": name, "icon_color": ask.get("icon_color") or COLOUR}
    post = world.post(chat, world.bot, {"forum_topic_created": made}, silent=True, as_topic=True)
    chat.topics[post.message_id] = Topic(post.message_id, name)
    return {"message_thread_id": post.message_id, **made}


def close_topic(world: World, ask: Json) -> bool:
    """closeForumTopic."""
    return _set_closed(world, ask, closed=True)


def reopen_topic(world: World, ask: Json) -> bool:
    """reopenForumTopic."""
    return _set_closed(world, ask, closed=False)


def edit_topic(world: World, ask: Json) -> bool:
    """editForumTopic: its name."""
    chat = _forum(world, ask)
    topic = _topic(chat, ask)
    if ask.get("name") in (None, topic.name):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = ask["name"]
    _note(world, chat, topic, {"forum_topic_edited": {"name": topic.name}})
    return True


def delete_topic(world: World, ask: Json) -> bool:
    """deleteForumTopic, with all that stands in it, of whatever age."""
    chat = _forum(world, ask)
    erase_topic(world, chat, _topic(chat, ask).number)
    return True


def erase_topic(world: World, chat: Chat, number: int) -> None:
    """Take a topic and its messages away, whoever does it."""
    del chat.topics[number]
    for post in list(chat.posts.values()):
        if post.thread_id == number:
            world.remove(chat, post.message_id)


def _set_closed(world: World, ask: Json, *, closed: bool) -> bool:
    chat = _forum(world, ask)
    topic = _topic(chat, ask)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _note(world, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def _note(world: World, chat: Chat, topic: Topic, what: Json) -> None:
    world.post(chat, world.bot, what, silent=True, thread_id=topic.number)


def _forum(world: World, ask: Json) -> Chat:
    chat = reachable(world, ask["chat_id"])
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.bot_is_admin:
        raise bad_request("not enough rights to create a topic")
    return chat


def _topic(chat: Chat, ask: Json) -> Topic:
    topic = chat.topics.get(ask["message_thread_id"])
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic
