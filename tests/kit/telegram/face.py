"""What the bot has Telegram show of it: the menu of commands, and who it is. All per language."""

import json
import re

from tests.kit.telegram.refusal import Json, bad_request
from tests.kit.telegram.world import World

MOST_COMMANDS = 100
LONGEST = {"short": 120, "long": 512}
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")


def _language(ask: Json) -> str:
    code: str = ask.get("language_code") or ""
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _menu_key(ask: Json) -> str:
    scope = ask.get("scope") or {"type": "default"}
    return json.dumps([scope, _language(ask)], sort_keys=True)


def set_commands(world: World, ask: Json) -> bool:
    """setMyCommands."""
    if len(ask["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in ask["commands"]:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_menu_key(ask)] = ask["commands"]
    return True


def get_commands(world: World, ask: Json) -> list[Json]:
    """getMyCommands: of exactly this scope and language."""
    return world.commands.get(_menu_key(ask), [])


def delete_commands(world: World, ask: Json) -> bool:
    """deleteMyCommands."""
    world.commands.pop(_menu_key(ask), None)
    return True


def menu_of(world: World, scope: str, language: str) -> list[Json]:
    """What a phone in this language shows behind the menu button: the first that there is."""
    for place in (scope, "default"):
        for code in (language, ""):
            found = world.commands.get(_menu_key({"scope": {"type": place}, "language_code": code}))
            if found:
                return found
    return []


def set_short(world: World, ask: Json) -> bool:
    """setMyShortDescription."""
    return _set_about(world, "short", ask, ask.get("short_description"))


def get_short(world: World, ask: Json) -> Json:
    """getMyShortDescription."""
    return {"short_description": _about(world, "short", ask)}


def set_long(world: World, ask: Json) -> bool:
    """setMyDescription."""
    return _set_about(world, "long", ask, ask.get("description"))


def get_long(world: World, ask: Json) -> Json:
    """getMyDescription."""
    return {"description": _about(world, "long", ask)}


def _set_about(world: World, kind: str, ask: Json, text: str | None) -> bool:
    if len(text or "") > LONGEST[kind]:
        raise bad_request("ABOUT_TOO_LONG")
    world.about[kind, _language(ask)] = text or ""
    return True


def _about(world: World, kind: str, ask: Json) -> str:
    """In this language, or in the one for everybody else."""
    return world.about.get((kind, _language(ask))) or world.about.get((kind, ""), "")
