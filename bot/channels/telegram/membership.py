"""Who came and who went: we in chats and groups, people in the group."""

import telegram

from bot.channels.base import Update, UpdateKind

OUT = ("left", "kicked")
MAY_WORK = ("administrator", "creator")


def ours(number: str, change: telegram.ChatMemberUpdated) -> Update | None:
    """In a private chat somebody started us, or blocked us. In a group we may have been put out,
    or have lost the rights without which we can neither read nor clear away."""
    before, after = change.old_chat_member.status, change.new_chat_member.status
    if change.chat.type == "private":
        kinds: dict[str, UpdateKind] = {"kicked": "left", "member": "joined"}
        kind = kinds.get(after)
        return _update(number, kind, change, change.from_user) if kind else None
    if after in OUT or (before in MAY_WORK and after not in MAY_WORK):
        return _update(number, "shut_out", change, change.from_user)
    return None


def of_others(number: str, change: telegram.ChatMemberUpdated) -> Update | None:
    """Somebody came into a group or went. Told only where we are administrator."""
    was_in, is_in = _is_in(change.old_chat_member), _is_in(change.new_chat_member)
    if was_in == is_in:
        return None
    kind: UpdateKind = "joined" if is_in else "left"
    return _update(number, kind, change, change.new_chat_member.user)


def _is_in(member: telegram.ChatMember) -> bool:
    if isinstance(member, telegram.ChatMemberRestricted):
        return member.is_member
    return member.status not in OUT


def _update(
    number: str, kind: UpdateKind, change: telegram.ChatMemberUpdated, who: telegram.User
) -> Update:
    at = int(change.date.timestamp() * 1000)
    return Update(number, kind, str(change.chat.id), str(who.id), at)
