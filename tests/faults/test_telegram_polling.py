"""Fetching the news fails in every way: what people wrote and pressed meanwhile is not lost, and
pages leave all the same."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.tables import Case
from tests.faults.telegram_region import HANG_S, LINE, TelegramRegion, pages, telegram_region
from tests.kit.telegram.faults import Cut, Fault, Flood, Hang, Noise, Page, Refuse, ServerError
from tests.kit.telegram.person import Person
from tests.kit.telegram.updates import OTHER_POLLER

LAST_SCREEN = "Er is nog niets verstuurd."
FAULTS = {
    "400": Refuse(400),
    "403": Refuse(403, "Forbidden: user is deactivated"),
    "409": Refuse(409, OTHER_POLLER),
    "429": Flood(1),
    "500": ServerError(),
    "502": Page(),
    "a page and 200": Page(code=200),
    "half an answer": Noise(),
    "no list": Noise(b'{"ok":true,"result":{"message":1}}'),
    "cut": Cut(),
    "hang": Hang(),
}


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[TelegramRegion]:
    async with telegram_region(tmp_path) as region:
        yield region


@pytest.fixture
async def police(region: TelegramRegion) -> Person:
    return await region.enrolled("politie_cvd1", "politie_ap")


async def operator_hears(region: TelegramRegion, fragment: str) -> None:
    async with asyncio.timeout(HANG_S):
        while not region.shown("beheerder", fragment):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_an_alarm_typed_meanwhile_comes_through_once(
    region: TelegramRegion, police: Person, fault: Fault
) -> None:
    region.telegram.faults.once("getUpdates", fault)
    await fault.met.wait()
    line = await police.writes(LINE)
    await police.expects(LAST_SCREEN)
    await region.quiet()
    assert line.redacted, "what was typed does not stay on Telegram"
    assert [case.state for case in await region.rows(Case)] == ["draft"]
    await police.taps(police.messages[-1], "Verstuur: spoed")
    await region.quiet()
    assert [case.state for case in await region.rows(Case)] == ["open"]


async def test_pages_leave_and_presses_count_while_nothing_can_be_fetched(
    region: TelegramRegion, police: Person
) -> None:
    order = region.telegram.faults.always("getUpdates", Page())
    await order.fault.met.wait()
    await region.alarm()
    await police.expects("🔴 Alarm", loud=True)
    page = pages(police)[-1]
    await police.taps(page, "Ik pak op")
    order.lift()
    await police.shows(page, "Jij pakt")
    assert len(pages(police)) == 0


async def test_a_second_program_on_our_bot_is_told_and_when_it_is_gone_too(
    region: TelegramRegion, police: Person
) -> None:
    order = region.telegram.faults.always("getUpdates", Refuse(409, OTHER_POLLER))
    await operator_hears(region, "Een tweede programma leest onze Telegram-bot (409")
    await police.writes(LINE)
    order.lift()
    await police.expects(LAST_SCREEN)
    await operator_hears(region, "Telegram werkt weer")
    assert len(region.shown("beheerder", "Telegram werkt weer")) == 1
    assert not any("drop_pending_updates" in call.parameters for call in region.telegram.log)


async def test_a_token_that_was_taken_away_is_told(region: TelegramRegion, police: Person) -> None:
    region.telegram.faults.always("getUpdates", Refuse(401, "Unauthorized"))
    await operator_hears(region, "sleutel")
    assert region.telegram.token not in region.shown("beheerder", "sleutel")[-1].text
    await region.alarm()
    await police.expects("🔴 Alarm", loud=True)


async def test_one_report_that_nobody_understands_stalls_nothing_and_is_told(
    region: TelegramRegion, police: Person
) -> None:
    region.telegram.updates.add_garbled()
    region.telegram.updates.add_garbled(
        {"message": {"from": {"id": police.id}, "chat": {"id": police.id}, "date": "gisteren"}}
    )
    await police.writes(LINE)
    await police.expects(LAST_SCREEN)
    await region.quiet()
    assert len(region.shown("beheerder", "is niet te lezen")) == 1
