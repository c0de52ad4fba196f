"""Where a page comes first."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands.harness import Desk, Phone
from tests.commands.telegram_scene import enrolled, identities, open_telegram_desk, types
from tests.commands.topic_scene import press

OM = "om_ovj1"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


async def proven(desk: Desk) -> Phone:
    """The officer of justice has Telegram as well, and heard a test page on both."""
    await desk[OM].says("test")
    await desk[OM].taps("✅")
    phone = await enrolled(desk, OM, "5001")
    await desk.advance(1)
    await types(phone, "test")
    await press(phone, phone.expects("TEST"), "Gehoord")
    desk.expect_so_far()
    return phone


async def alarm(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")


async def test_a_page_comes_first_where_somebody_wants_it(desk: Desk) -> None:
    phone = await proven(desk)
    await desk[OM].says("voorkeur")
    desk[OM].expects("Waar komt een oproep het eerst?")
    await desk[OM].says("2")
    desk[OM].expects("Een oproep komt het eerst op Telegram.")
    await alarm(desk)
    phone.expects("🔴 Alarm", loud=True)
    desk[OM].lacks("🔴 Alarm")
    await desk.advance(2)
    desk[OM].expects("🔴 Alarm", loud=True)


async def test_it_can_be_said_in_one_line_and_changed_again(desk: Desk) -> None:
    phone = await proven(desk)
    await types(phone, "voorkeur telegram")
    phone.expects("het eerst op Telegram.")
    await types(phone, "preference element")
    phone.expects("het eerst op Element.")
    await alarm(desk)
    desk[OM].expects("🔴 Alarm", loud=True)
    phone.lacks("🔴 Alarm")


async def test_a_phone_that_never_rang_does_not_come_first_for_all_that(desk: Desk) -> None:
    await desk[OM].says("test")
    await desk[OM].taps("✅")
    phone = await enrolled(desk, OM, "5001")
    await types(phone, "voorkeur telegram")
    assert (await identities(desk, OM))["telegram"].preferred
    await alarm(desk)
    desk[OM].expects("🔴 Alarm", loud=True)
    phone.lacks("🔴 Alarm")


async def test_with_one_app_there_is_nothing_to_choose(desk: Desk) -> None:
    await desk[OM].says("voorkeur")
    desk[OM].expects("Je hebt hier 1 app: Element.")
