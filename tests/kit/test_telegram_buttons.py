"""A press on a button reaches the bot with the button's data, also one on an old screen."""

import pytest
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from telegram.error import BadRequest

from tests.kit.device import PhoneFailed
from tests.kit.telegram.client import keyboard
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram


@pytest.fixture
async def anna(server: FakeTelegram) -> Person:
    person = server.person("anna")
    await person.starts()
    server.updates.drop()
    return person


async def presses(bot: Bot) -> list[CallbackQuery]:
    return [update.callback_query for update in await bot.get_updates() if update.callback_query]


async def test_a_button_is_found_by_label_number_or_part(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ik pak op", "Kan niet", "2"))
    page = anna.messages[-1]
    for label in ("Kan niet", "1", "pak", "2", "3"):
        await anna.taps(page, label)
    said = [press.data for press in await presses(bot)]
    assert said == ["do:Kan niet", "do:Ik pak op", "do:Ik pak op", "do:2", "do:2"]


async def test_the_bot_learns_who_pressed_and_under_what(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ja"))
    press = await anna.taps(anna.messages[-1], "Ja")
    (query,) = await presses(bot)
    assert (query.id, query.from_user.id) == (press.id, anna.id)
    assert isinstance(query.message, Message)
    assert query.message.message_id == sent.message_id
    assert query.message.reply_markup == sent.reply_markup


async def test_the_answer_to_a_press_is_seen(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ja"))
    press = await anna.taps(anna.messages[-1], "Ja")
    assert not press.answered.is_set()
    await bot.answer_callback_query(press.id, text="Al opgepakt", show_alert=True)
    await anna.answered(press)
    assert (press.text, press.alert) == ("Al opgepakt", True)


async def test_an_answer_that_comes_too_late_is_refused(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ja"))
    press = await anna.taps(anna.messages[-1], "Ja")
    press.too_old = True
    for name in (press.id, "1"):
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_callback_query(name)
    assert not press.answered.is_set()


async def test_an_old_screen_can_still_be_pressed(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ja", "Nee"))
    await bot.edit_message_text("Te laat", anna.id, sent.message_id)
    page = anna.messages[-1]
    with pytest.raises(PhoneFailed, match="no button 'Ja'"):
        await anna.taps(page, "Ja")
    await anna.taps(page, "Ja", stale=True)
    (query,) = await presses(bot)
    assert query.data == "do:Ja"
    assert isinstance(query.message, Message)
    assert query.message.text == "Te laat"


async def test_a_press_can_come_after_the_message_went(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ja"))
    page = anna.messages[-1]
    await bot.delete_message(anna.id, sent.message_id)
    await anna.taps(page, "Ja", stale=True)
    (query,) = await presses(bot)
    assert query.message is not None
    assert not query.message.is_accessible


async def test_a_link_is_no_press(bot: Bot, anna: Person) -> None:
    board = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Open", url="https://a.example"))
    await bot.send_message(anna.id, "Kijk", reply_markup=board)
    with pytest.raises(PhoneFailed, match="only opens"):
        await anna.taps(anna.messages[-1], "Open")
    assert await presses(bot) == []
