"""Is the region's group there, and may we do in it what its mode asks of us?"""

from collections.abc import Mapping

from telegram import ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted

from bot.channels.base import Readiness
from bot.channels.telegram.line import Line, TelegramAccount
from bot.channels.telegram.trouble import Trouble
from commands.messages import Listed, Word, message

GROUP = "check.telegram_group"
MOST_NAMED = 6  # the rest is counted: one line stays one line
# What case rooms need of us: topics, taking words away, putting outsiders out.
RIGHTS = ("can_manage_topics", "can_delete_messages", "can_restrict_members")


async def log_in_and_check(
    account: TelegramAccount, address: str, *, topics: bool, colleagues: Mapping[str, str]
) -> Readiness:
    """`topics`: case rooms are topics of this group. Then it cannot work without the rights, and
    `colleagues` (labels by Telegram account) must be in it to read them."""
    line = Line(account)
    try:
        found = await _group(line, address, topics=topics)
        if not found.ready or not topics:
            return found
        return await _with_missing(line, int(address), colleagues, found)
    finally:
        await line.close()


async def _with_missing(
    line: Line, group: int, colleagues: Mapping[str, str], found: Readiness
) -> Readiness:
    missing = [label for who, label in colleagues.items() if not await _is_in(line, group, who)]
    if not missing:
        return found
    rest = len(missing) - MOST_NAMED
    who = Listed((*missing[:MOST_NAMED], *([f"+{rest}"] if rest > 0 else [])))
    detail = message(f"{GROUP}.missing", n=len(missing), who=who)
    return Readiness(GROUP, ready=True, detail=detail, warns=True)


async def _is_in(line: Line, group: int, who: str) -> bool:
    try:
        member = await line.bot.get_chat_member(group, int(who))
    except Trouble as trouble:
        return trouble.kind != "refused"  # nobody knows; what is refused is no member
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in ("left", "kicked")


async def _group(line: Line, address: str, *, topics: bool) -> Readiness:
    try:
        await line.open()
        chat = await line.bot.get_chat(int(address))
        us = await line.bot.get_chat_member(int(address), line.bot.id)
    except Trouble as trouble:
        detail = message(f"{GROUP}.unknown", reason=trouble.reason)
        return Readiness(GROUP, ready=False, detail=detail)
    if us.status in ("left", "kicked"):
        return Readiness(GROUP, ready=False, detail=message(f"{GROUP}.outside"))
    if topics and not chat.is_forum:
        return Readiness(GROUP, ready=False, detail=message(f"{GROUP}.no_topics"))
    lacks = [right for right in RIGHTS if not _may(us, right)] if topics else []
    if lacks:
        rights = Listed(tuple(Word(f"check.right.{right}") for right in lacks))
        detail = message(f"{GROUP}.no_rights", rights=rights)
        return Readiness(GROUP, ready=False, detail=detail)
    return Readiness(GROUP, ready=True, detail=message(f"{GROUP}.ready"))


def _may(us: object, right: str) -> bool:
    if isinstance(us, ChatMemberOwner):
        return True
    return isinstance(us, ChatMemberAdministrator) and bool(getattr(us, right))
