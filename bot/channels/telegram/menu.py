"""What Telegram shows of us before anybody writes: the menu of commands, and who we are.

Both per language: whoever's Telegram is in none of the others gets the region's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import structlog
from telegram import Bot, BotCommand, BotCommandScope

import commands.catalogue  # noqa: F401  (declares the commands)
from bot.channels.telegram.trouble import Trouble
from commands.ask import Where
from commands.declare import COMMANDS
from commands.messages import Message, Number, Word, message
from commands.spoken import Voice
from config.entry import Language
from config.region import Region

log = structlog.get_logger(__name__)

PLACES: dict[str, tuple[Where, tuple[str, ...]]] = {
    # Few, and what is needed most comes first: the menu is read by somebody in a hurry.
    "all_private_chats": ("direct", ("alarm", "status", "duty", "test", "language", "help")),
    "all_group_chats": ("group", ("alarm", "duty", "help")),
    "default": ("group", ("alarm", "duty", "help")),  # these work everywhere
}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # what the Bot API takes


@dataclass(frozen=True)
class Menu:
    """The commands that are offered in one kind of place."""

    place: str  # the Bot API's name of the scope
    language: str  # two letters; empty for everybody else
    entries: tuple[tuple[str, str], ...]  # command without its slash, help sentence


@dataclass(frozen=True)
class About:
    """What somebody reads who looks us up (`short`), or opens an empty talk with us (`long`)."""

    language: str
    kind: Literal["short", "long"]
    text: str


Part = Menu | About


def face_of(region: Region) -> tuple[Part, ...]:
    """All of it, in the region's language and in the others."""
    found: list[Part] = []
    for spoken in get_args(Language):
        code = "" if spoken == region.language else spoken
        voice = Voice(region, spoken, now=0)  # nothing of it tells a time
        found += [Menu(place, code, _entries(place, voice)) for place in PLACES]
        stranger = message("wrong.unknown_sender", help_number=Number(region.help_number))
        found.append(About(code, "short", voice.text(Message("telegram.about"))))
        found.append(About(code, "long", voice.text(stranger)))
    return tuple(found)


def _entries(place: str, voice: Voice) -> tuple[tuple[str, str], ...]:
    """Raises `ValueError` for a word that cannot stand in a menu, or does nothing there."""
    where, names = PLACES[place]
    entries = []
    for command in map(COMMANDS.__getitem__, names):
        word = (command.nl if voice.language == "nl" else command.en)[0]
        if not _COMMAND.fullmatch(word) or where not in command.where:
            raise ValueError(f"{word} cannot stand in the menu of {place}")
        entries.append((word, voice.word(Word(command.help_key))))
    return tuple(entries)


async def lacking(bot: Bot, face: Sequence[Part]) -> list[Part]:
    """What stands otherwise at Telegram. Raises `Trouble`."""
    return [part for part in face if await _standing(bot, part) != _content(part)]


async def show(bot: Bot, face: Sequence[Part]) -> bool:
    """Set what stands otherwise; false if that did not work. Pages do not depend on it, so it
    never raises, and the next start tries again."""
    try:
        for part in await lacking(bot, face):
            await _set(bot, part)
            log.info("menu_set", part=type(part).__name__, language=part.language)
    except Trouble as trouble:
        log.warning("menu_not_set", why=trouble.reason)
        return False
    except Exception as error:  # such as an answer that the library cannot read
        log.exception("menu_not_set", error_type=type(error).__name__)
        return False
    return True


def _content(part: Part) -> object:
    return part.entries if isinstance(part, Menu) else part.text


async def _standing(bot: Bot, part: Part) -> object:
    code = part.language or None
    match part:
        case Menu():
            told = await bot.get_my_commands(scope=BotCommandScope(part.place), language_code=code)
            return tuple((each.command, each.description) for each in told)
        case About(kind="short"):
            return (await bot.get_my_short_description(language_code=code)).short_description
        case About():
            return (await bot.get_my_description(language_code=code)).description


async def _set(bot: Bot, part: Part) -> None:
    code = part.language or None
    match part:
        case Menu():
            wanted = [BotCommand(word, sentence) for word, sentence in part.entries]
            await bot.set_my_commands(wanted, scope=BotCommandScope(part.place), language_code=code)
        case About(kind="short"):
            await bot.set_my_short_description(part.text, language_code=code)
        case About():
            await bot.set_my_description(part.text, language_code=code)
