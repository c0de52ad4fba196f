"""People whose Telegram went without a word, or came back on another phone: nothing that is asked
of them is lost, and no press of somebody else counts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commands.keyboard import press_of
from commands.messages import Action
from tests.commands.fallback_scene import page_of
from tests.commands.harness import Desk, Phone
from tests.commands.telegram_scene import (
    LINK,
    TELEGRAM,
    enrolled,
    identities,
    on_telegram,
    only_on_telegram,
    open_telegram_desk,
    types,
)
from tests.commands.topic_scene import ALARM, OM, POLICE, press

AGREE = "intrekken: vergissing. Akkoord?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


async def alarm(desk: Desk) -> None:
    await desk["vt_fo"].says(ALARM)
    await desk["vt_fo"].taps("1️⃣")


async def withdraw(desk: Desk) -> None:
    await desk["vt_fo"].says("vergissing")
    await desk["vt_fo"].taps("✅")


async def new_phone(desk: Desk, number: str) -> Phone:
    """The contact point hands out a link for a lost phone, and it is used."""
    await desk["om_ap"].says("uitnodigen officier van justitie 1")
    question = desk["om_ap"].expects("doet al mee op Telegram. Toestel kwijt?", loud=False)
    await desk["om_ap"].taps(question.buttons[0], question)
    token = LINK.search(question.text)
    assert token is not None
    phone = on_telegram(desk, number)
    await types(phone, f"/start {token.group(1)}")
    return phone


async def test_who_preferred_a_telegram_that_they_blocked_is_asked_on_matrix(desk: Desk) -> None:
    phone = await enrolled(desk, OM, "5001")
    await types(phone, "voorkeur telegram")
    await desk.update("left", phone.direct, phone.address, channel=TELEGRAM)
    desk.refuses.add(phone.address)
    await alarm(desk)
    await desk[OM].taps("✅")
    await withdraw(desk)
    desk[OM].expects(AGREE, loud=True)


async def test_a_question_to_an_account_that_is_deleted_goes_to_matrix(desk: Desk) -> None:
    phone = await enrolled(desk, OM, "5001")
    await types(phone, "voorkeur telegram")
    await alarm(desk)
    await press(phone, phone.expects("🔴 Alarm"), "Ik pak op")
    desk.blocks.add(phone.address)
    await withdraw(desk)
    desk[OM].expects(AGREE, loud=True)
    desk["om_ap"].expects("is niet bereikbaar op Telegram", loud=False)
    assert (await identities(desk, OM))[TELEGRAM].joined_at is None
    await desk[OM].taps("✅")
    desk["vt_fo"].expects("is ingetrokken")


async def test_a_page_that_one_messenger_refuses_goes_to_the_other_before_the_next_person(
    desk: Desk,
) -> None:
    phone = await enrolled(desk, OM, "5001")
    desk.refuses.add(desk[OM].address)
    await alarm(desk)
    phone.expects("🔴 Alarm", loud=True)
    desk["om_ovj2"].lacks("🔴 Alarm")
    assert (await page_of(desk, OM)).state == "called"


async def test_a_page_that_both_refuse_goes_to_the_next_at_once(desk: Desk) -> None:
    phone = await enrolled(desk, OM, "5001")
    desk.refuses |= {desk[OM].address, phone.address}
    await alarm(desk)
    desk["om_ovj2"].expects("🔴 Alarm", loud=True)


async def test_a_page_to_an_account_that_is_deleted_goes_to_the_next_at_once(desk: Desk) -> None:
    phone = await only_on_telegram(desk, OM, "5001")
    desk.blocks.add(phone.address)
    await alarm(desk)
    assert (await page_of(desk, OM)).state == "expired"
    desk["vt_fo"].expects("OM: geen reactie, achterwacht opgeroepen")


async def test_a_new_phone_is_asked_what_the_old_one_was(desk: Desk) -> None:
    old = await only_on_telegram(desk, OM, "5001")
    await alarm(desk)
    await press(old, old.expects("🔴 Alarm"), "Ik pak op")
    await withdraw(desk)
    old.expects(AGREE, loud=True)
    new = await new_phone(desk, "5009")
    old.lacks(AGREE)
    await press(new, new.expects(AGREE, loud=True), "Akkoord")
    desk["vt_fo"].expects("is ingetrokken")


async def test_nobody_gets_another_telegram_without_their_matrix_telling_them(desk: Desk) -> None:
    await enrolled(desk, OM, "5001")
    await new_phone(desk, "5009")
    desk[OM].expects("Officier van justitie 1 heeft een nieuw Telegram-account", loud=False)


async def test_what_an_old_phone_refuses_does_not_make_the_new_one_unreachable(desk: Desk) -> None:
    await enrolled(desk, OM, "5001")
    await types(on_telegram(desk, "5001"), "voorkeur telegram")
    await alarm(desk)
    new = await new_phone(desk, "5009")
    desk.blocks.add("5001")
    await desk.advance(1)
    mine = (await identities(desk, OM))[TELEGRAM]
    assert (mine.address, mine.joined_at is None) == ("5009", False)
    await press(new, new.expects("🔴 Alarm"), "Ik pak op")
    desk["vt_fo"].expects("OM: opgepakt")


async def test_forged_presses_take_nobody_elses_page(desk: Desk) -> None:
    police = await enrolled(desk, POLICE, "5002", "politie_ap")
    await alarm(desk)
    theirs = (await page_of(desk, OM)).id
    under = police.screen()[-1].event_id
    for verb, argument in (("take", f"{theirs}"), ("decline", f"{theirs}"), ("join", f"{theirs}")):
        forged = press_of(f"page:{theirs}", 1, Action(verb, "", argument))
        await desk.update(
            "tap", police.direct, police.address, text=forged, about=under, channel=TELEGRAM
        )
    assert (await page_of(desk, OM)).state == "called"
    for text in ("1", "1.", "0.x", "9" * 60, "١.x", "²." + "0" * 8, ""):
        await desk.update(
            "tap", police.direct, police.address, text=text, about="5002:999999", channel=TELEGRAM
        )
    assert (await page_of(desk, OM)).state == "called"
