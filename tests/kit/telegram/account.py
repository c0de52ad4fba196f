"""What the bot asks and tells about itself, its chats and how it gets its updates."""

from tests.kit.telegram.chats import Chat
from tests.kit.telegram.refusal import Json, Refused, bad_request
from tests.kit.telegram.updates import BY_WEBHOOK
from tests.kit.telegram.world import World

LONGEST_POLL_S = 50


async def get_updates(world: World, ask: Json) -> list[Json]:
    """getUpdates."""
    if world.webhook["url"]:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
            " delete the webhook first",
        )
    world.updates.want(ask.get("allowed_updates"))
    limit = min(max(ask.get("limit", 100), 1), 100)
    timeout_s = min(ask.get("timeout", 0), LONGEST_POLL_S)
    return await world.updates.poll(ask.get("offset", 0), limit, timeout_s)


def get_me(world: World, ask: Json) -> Json:
    """getMe."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot | abilities


def set_webhook(world: World, ask: Json) -> bool:
    """setWebhook; unlike Telegram it takes http too, on this machine only."""
    url = ask["url"]
    if url and not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.updates.want(ask.get("allowed_updates"))
    if ask.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = {"url": url, "secret_token": ask.get("secret_token")}
    world.updates.release(BY_WEBHOOK)
    return True


def delete_webhook(world: World, ask: Json) -> bool:
    """deleteWebhook."""
    return set_webhook(world, {"url": "", **ask})


def webhook_info(world: World, ask: Json) -> Json:
    """getWebhookInfo."""
    told: Json = {
        "url": world.webhook["url"],
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if world.updates.allowed:
        told["allowed_updates"] = world.updates.allowed
    for key in ("last_error_date", "last_error_message"):
        if key in world.webhook:
            told[key] = world.webhook[key]
    return told


def get_chat(world: World, ask: Json) -> Json:
    """getChat."""
    chat = world.chats.known(ask["chat_id"])
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False
    )
    gifts["gifts_from_channels"] = False
    about = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return chat.outline() | about


def get_member(world: World, ask: Json) -> Json:
    """getChatMember."""
    chat = world.chats.known(ask["chat_id"])
    if ask["user_id"] == world.bot["id"]:
        return member(world.bot, chat.bot_status, chat)
    person = world.people.get(ask["user_id"])
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member(person.user, chat.members.get(person.id, "left"), chat)


def leave_chat(world: World, ask: Json) -> bool:
    """leaveChat: groups and channels only."""
    chat = world.chats.known(ask["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    if chat.bot_status in ("left", "kicked"):
        raise Refused(403, f"Forbidden: bot is not a member of the {chat.type} chat")
    chat.bot_status = "left"
    return True


def member(user: Json, status: str, chat: Chat) -> Json:
    """A ChatMember of this status."""
    told: Json = {"status": status, "user": user}
    if status == "kicked":
        return told | {"until_date": 0}
    if status == "creator":
        return told | {"is_anonymous": False}
    if status == "administrator":
        return told | rights(chat)
    return told


def rights(chat: Chat) -> Json:
    """All rights of an administrator that the description demands, and that over topics."""
    names = (
        "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
        "can_post_stories", "can_edit_stories", "can_delete_stories", "can_pin_messages",
        "can_send_welcome_messages",
    )  # fmt: skip
    told: Json = {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(names, True)}
    return told | ({"can_manage_topics": True} if chat.is_forum else {})
