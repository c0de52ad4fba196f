"""What the bot sends reaches the phone as Telegram shows it, and is refused as Telegram does."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Forbidden

from tests.kit.telegram.client import keyboard
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram


async def test_a_text_arrives_with_its_buttons_and_rings(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Alarm K7Q4", reply_markup=keyboard("Ja", "Nee"))
    seen = await anna.expects("Alarm", loud=True)
    assert seen is anna.messages[-1]
    assert anna.messages[-1].buttons == ("Ja", "Nee")
    assert anna.messages[-1].message_id == sent.message_id
    assert seen.room == str(anna.id)


async def test_a_silent_text_does_not_ring_and_protection_is_seen(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Stand", disable_notification=True, protect_content=True)
    await anna.expects("Stand", loud=False)
    assert anna.messages[-1].protected


async def test_html_becomes_entities_counted_as_telegram_counts(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(
        anna.id,
        '🔴 <b>K7Q4</b> &lt;spoed&gt; <a href="https://a.example/">open</a>',
        parse_mode="HTML",
    )
    assert sent.text == "🔴 K7Q4 <spoed> open"
    found = {kind.type: text for kind, text in sent.parse_entities().items()}
    assert found == {"bold": "K7Q4", "text_link": "open"}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>open", "Can't find end tag"),
        ("<table>x</table>", 'Unsupported start tag "table"'),
        ("<b><i>x</b></i>", "Unmatched end tag"),
        ("x</b>", "Unexpected end tag"),
        ("3 < 4", "Unsupported start tag"),
    ],
)
async def test_bad_html_is_refused(bot: Bot, anna: Person, source: str, why: str) -> None:
    with pytest.raises(BadRequest, match=rf"(?i){why}"):
        await bot.send_message(anna.id, source, parse_mode="HTML")


async def test_the_length_counts_after_the_marks_are_read(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, f"<b>{'a' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(anna.id, "a" * 4097)
    with pytest.raises(BadRequest, match=r"(?i)message text is empty"):
        await bot.send_message(anna.id, "<b> </b>", parse_mode="HTML")
    assert [len(seen.text) for seen in anna.messages[1:]] == [4096]


async def test_callback_data_may_have_64_bytes_and_no_more(bot: Bot, anna: Person) -> None:
    for size, refused in ((64, False), (65, True)):
        data = "é" * (size // 2) + "x" * (size % 2)
        board = InlineKeyboardMarkup.from_button(InlineKeyboardButton("x", callback_data=data))
        if refused:
            with pytest.raises(BadRequest, match=r"(?i)Button_data_invalid"):
                await bot.send_message(anna.id, "x", reply_markup=board)
        else:
            await bot.send_message(anna.id, "x", reply_markup=board)


@pytest.mark.parametrize("url", ["matrix:r/x", "https://localhost/x"])
async def test_a_button_opens_web_addresses_only(bot: Bot, anna: Person, url: str) -> None:
    board = InlineKeyboardMarkup.from_button(InlineKeyboardButton("x", url=url))
    with pytest.raises(BadRequest, match=r"(?i)button url"):
        await bot.send_message(anna.id, "x", reply_markup=board)


async def test_who_cannot_be_reached(server: FakeTelegram, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)Chat not found"):
        await bot.send_message(12345, "x")
    bea = server.person("bea")
    with pytest.raises(Forbidden, match=r"(?i)bot can't initiate conversation with a user"):
        await bot.send_message(bea.id, "x")
    await bea.starts()
    await bea.blocks()
    with pytest.raises(Forbidden, match=r"(?i)bot was blocked by the user"):
        await bot.send_message(bea.id, "x")
    await bea.unblocks()
    await bot.send_message(bea.id, "weer terug")
    await bea.expects("weer terug")
    bea.deactivated = True
    with pytest.raises(Forbidden, match=r"(?i)user is deactivated"):
        await bot.send_message(bea.id, "x")


async def test_an_answer_to_a_message_shows_which(bot: Bot, anna: Person) -> None:
    asked = await anna.writes("stand")
    await bot.send_message(
        anna.id, "Niets open", reply_parameters=ReplyParameters(asked.message_id)
    )
    assert (await anna.expects("Niets")).reply_to == asked.event_id
    with pytest.raises(BadRequest, match=r"(?i)replied not found"):
        await bot.send_message(anna.id, "x", reply_parameters=ReplyParameters(9999))


async def test_a_document_arrives_whole(bot: Bot, anna: Person) -> None:
    content = bytes(range(256)) * 40
    sent = await bot.send_document(
        anna.id, content, filename="overleg.ics", caption="<b>Overleg</b>", parse_mode="HTML"
    )
    await anna.expects("Overleg")
    assert anna.opens(anna.messages[-1]) == content
    assert sent.document is not None
    await bot.send_document(anna.id, sent.document.file_id)
    assert anna.opens(anna.messages[-1]) == content


async def test_an_edit_without_buttons_takes_them_away(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Pak je dit op?", reply_markup=keyboard("Ja"))
    page = await anna.expects("Pak")
    await bot.edit_message_text("Jij pakt op", anna.id, sent.message_id)
    await anna.shows(page, "Jij pakt op")
    await anna.offers(page)
    assert page.versions == ["Pak je dit op?", "Jij pakt op"]


async def test_buttons_can_be_changed_alone(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Kies", reply_markup=keyboard("Ja"))
    page = await anna.expects("Kies")
    await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard("A", "B"))
    await anna.offers(page, "A", "B")
    assert (page.text, page.edits) == ("Kies", 0)


async def test_edits_that_telegram_refuses(bot: Bot, anna: Person) -> None:
    board = keyboard("Ja")
    sent = await bot.send_message(anna.id, "<b>Stand</b> 1", parse_mode="HTML", reply_markup=board)
    with pytest.raises(BadRequest, match=r"(?i)not modified"):
        await bot.edit_message_text(
            "<b>Stand</b> 1", anna.id, sent.message_id, parse_mode="HTML", reply_markup=board
        )
    with pytest.raises(BadRequest, match=r"(?i)not modified"):
        await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=board)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", anna.id, 9999)
    own = await anna.writes("van mij")
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("x", anna.id, own.message_id)


async def test_deleting_works_for_48_hours(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    first = await bot.send_message(anna.id, "eerste")
    second = await bot.send_message(anna.id, "tweede")
    typed = await anna.writes("alarm skm")
    seen = await anna.expects("eerste")
    server.clock.move(hours=47, minutes=59)
    assert await bot.delete_message(anna.id, first.message_id)
    await anna.gone(seen)
    await bot.delete_message(anna.id, typed.message_id)
    assert typed.redacted
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(anna.id, first.message_id)
    server.clock.move(minutes=2)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(anna.id, second.message_id)
    await anna.expects("tweede")
    await anna.nothing_unexpected()
