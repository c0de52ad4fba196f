"""Is Telegram ready? One line each for the bot, its news, its menu and the clock."""

from collections.abc import Callable, Sequence

from bot.channels.base import Readiness
from bot.channels.telegram.line import Line, TelegramAccount
from bot.channels.telegram.menu import Part, lacking
from bot.channels.telegram.trouble import Trouble
from commands.messages import Message, message

BOT, NEWS, CLOCK = "check.telegram", "check.telegram_news", "check.telegram_clock"
MENU = "check.telegram_menu"
CLOCK_MAY_DIFFER_MS = 5_000
MANY_WAITING = 50


async def log_in_and_check(
    account: TelegramAccount,
    now: Callable[[], int],
    webhook: str = "",
    face: Sequence[Part] = (),
    name: str = "",
) -> Sequence[Readiness]:
    """All lines, also beside a running bot: nothing of it takes news away. `webhook` is the
    address that should be set, empty if we poll; `face` what Telegram should show of us; `name`
    the bot that invitations lead to, empty for whichever it is."""
    line = Line(account)
    try:
        return await lines(line, now, webhook, face, name)
    finally:
        await line.close()


async def lines(
    line: Line,
    now: Callable[[], int],
    webhook: str = "",
    face: Sequence[Part] = (),
    name: str = "",
) -> Sequence[Readiness]:
    found = [await bot(line, name), await news(line, webhook)]
    if face:
        found.append(await menu(line, face))
    return [*found, clock(line, now)]


async def bot(line: Line, name: str = "") -> Readiness:
    """The token is good, and that of the bot with this name: links are made with the name."""
    try:
        await line.open()
    except Trouble as trouble:
        key = "refused" if trouble.kind == "revoked" else "down"
        detail = message(f"{BOT}.{key}", server=line.server, reason=trouble.reason)
        return Readiness(BOT, ready=False, detail=detail)
    user = f"@{line.own_name}"
    if name and line.own_name.casefold() != name.casefold():
        return Readiness(
            BOT, ready=False, detail=message(f"{BOT}.other", user=user, bot=f"@{name}")
        )
    return Readiness(BOT, ready=True, detail=message(f"{BOT}.ready", user=user))


async def news(line: Line, webhook: str) -> Readiness:
    """The server brings its news where we listen."""
    try:
        info = await line.bot.get_webhook_info()
    except Trouble as trouble:
        detail = message(f"{NEWS}.unknown", reason=trouble.reason)
        return Readiness(NEWS, ready=False, detail=detail)
    if info.url != webhook:
        key = "other" if info.url and webhook else "unset" if webhook else "webhook"
        return Readiness(NEWS, ready=False, detail=message(f"{NEWS}.{key}"))
    if info.pending_update_count > MANY_WAITING:
        detail = message(f"{NEWS}.waiting", count=info.pending_update_count)
        return Readiness(NEWS, ready=True, detail=detail, warns=True)
    return Readiness(NEWS, ready=True, detail=message(f"{NEWS}.{'set' if webhook else 'ready'}"))


async def menu(line: Line, face: Sequence[Part]) -> Readiness:
    """People find the commands. Without them the bot works all the same."""
    try:
        lacks = await lacking(line.bot, face)
    except Trouble as trouble:
        detail = message(f"{MENU}.unknown", reason=trouble.reason)
        return Readiness(MENU, ready=True, detail=detail, warns=True)
    detail = message(f"{MENU}.{'unset' if lacks else 'ready'}")
    return Readiness(MENU, ready=True, detail=detail, warns=bool(lacks))


def clock(line: Line, now: Callable[[], int]) -> Readiness:
    """By what the server wrote on its last answer."""
    if line.calls.date is None:
        return Readiness(CLOCK, ready=False, detail=message(f"{CLOCK}.untold"))
    # the server tells whole seconds: the truth is up to a second later
    ahead = now() - line.calls.date - 500
    return Readiness(CLOCK, ready=abs(ahead) <= CLOCK_MAY_DIFFER_MS, detail=_difference(ahead))


def _difference(ahead_ms: int) -> Message:
    seconds = round(abs(ahead_ms) / 1000)
    if seconds == 0:
        return message(f"{CLOCK}.equal")
    return message(f"{CLOCK}.{'ahead' if ahead_ms > 0 else 'behind'}", seconds=seconds)
