"""What the bot has Telegram show of it: per scope and language, within the API's bounds."""

import pytest
from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest

from tests.kit.telegram.face import menu_of
from tests.kit.telegram.server import FakeTelegram


async def test_each_scope_and_language_has_a_menu_of_its_own(
    server: FakeTelegram, bot: Bot
) -> None:
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("hulp", "Wat kan hier")])
    await bot.set_my_commands([("alarm", "Sla alarm")], scope=private)
    await bot.set_my_commands([("alert", "Raise an alert")], scope=private, language_code="en")
    assert [each.command for each in await bot.get_my_commands(scope=private)] == ["alarm"]
    assert await bot.get_my_commands(scope=BotCommandScopeAllGroupChats()) == ()
    shown = {
        (scope, code): menu_of(server, scope, code)[0]["command"]
        for scope in ("all_private_chats", "all_group_chats")
        for code in ("nl", "en")
    }
    assert set(shown.values()) == {"alarm", "alert", "hulp"}
    assert shown["all_private_chats", "en"] == "alert"
    assert shown["all_group_chats", "en"] == "hulp"
    await bot.delete_my_commands(scope=private, language_code="en")
    assert menu_of(server, "all_private_chats", "en")[0]["command"] == "alarm"


@pytest.mark.parametrize("word", ["Alarm", "ik pak op", "één", "", "a" * 33, "/alarm"])
async def test_a_word_that_telegram_does_not_take(bot: Bot, word: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([(word, "Sla alarm")])


async def test_who_it_is_in_two_lengths(bot: Bot) -> None:
    await bot.set_my_short_description("Besloten kanaal.")
    await bot.set_my_description("Dit kanaal is besloten.", language_code="nl")
    assert (await bot.get_my_short_description("en")).short_description == "Besloten kanaal."
    assert (await bot.get_my_description("nl")).description == "Dit kanaal is besloten."
    assert (await bot.get_my_description()).description == ""
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)
    with pytest.raises(BadRequest):
        await bot.set_my_description("x" * 513)
