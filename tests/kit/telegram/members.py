"""What the bot does with people in a group."""

from tests.kit.telegram import account
from tests.kit.telegram.chats import Chat
from tests.kit.telegram.refusal import Json, bad_request
from tests.kit.telegram.sending import reachable
from tests.kit.telegram.world import World


def ban(world: World, ask: Json) -> bool:
    """banChatMember: out, and not in again until that is taken back."""
    chat = _group(world, ask)
    person = world.people.get(ask["user_id"])
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    before = chat.members.get(person.id, "left")
    if before == "creator":
        raise bad_request("can't remove chat owner")
    chat.members.pop(person.id, None)
    chat.banned.add(person.id)
    told = {
        "chat": chat.outline(),
        "from": world.bot,
        "date": world.clock.seconds(),
        "old_chat_member": account.member(person.user, before, chat),
        "new_chat_member": account.member(person.user, "kicked", chat),
    }
    world.updates.add("chat_member", told)
    return True


def unban(world: World, ask: Json) -> bool:
    """unbanChatMember: they may come back, and are not in it by that. Without `only_if_banned`
    it would put a member out."""
    chat = _group(world, ask)
    if not ask.get("only_if_banned"):
        chat.members.pop(ask["user_id"], None)
    chat.banned.discard(ask["user_id"])
    return True


def _group(world: World, ask: Json) -> Chat:
    chat = reachable(world, ask["chat_id"])
    if chat.type == "private":
        raise bad_request("can't ban members in private chats")
    if not chat.bot_is_admin:
        raise bad_request("not enough rights to restrict/unrestrict chat member")
    return chat
