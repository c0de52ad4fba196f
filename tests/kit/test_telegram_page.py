"""Whoever has no Telegram can look at the chats with a browser."""

import aiohttp
from telegram import Bot

from tests.kit.telegram.client import keyboard
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram


async def look(server: FakeTelegram) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/") as answer:
        assert answer.content_type == "text/html"
        return await answer.text()


async def test_it_shows_what_stands_on_every_phone_now(
    server: FakeTelegram, bot: Bot, anna: Person
) -> None:
    server.person("nog niet begonnen")
    sent = await bot.send_message(anna.id, "Pak <je> dit op?", reply_markup=keyboard("Ja & nee"))
    shown = await look(server)
    assert "<h2>anna</h2>" in shown
    assert "🔔 Pak &lt;je&gt; dit op?" in shown
    assert "<b>Ja &amp; nee</b>" in shown
    assert "/start" in shown
    assert "nog niet begonnen" not in shown
    await bot.edit_message_text("Jij pakt op", anna.id, sent.message_id)
    await bot.send_message(anna.id, "stil", disable_notification=True)
    later = await look(server)
    assert "Pak &lt;je&gt;" not in later
    assert "Jij pakt op" in later
    assert "🔕 stil" in later


async def test_looking_changes_nothing_and_is_no_request_of_the_bot(
    server: FakeTelegram, anna: Person
) -> None:
    asked, waiting = len(server.log), len(server.updates.pending)
    await look(server)
    assert (len(server.log), len(server.updates.pending)) == (asked, waiting)
