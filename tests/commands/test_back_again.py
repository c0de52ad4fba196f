"""The bot was away: it says so, and nobody thinks that a forgotten alarm went out."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import StoryClock, write_story
from commands.away import NOTICED_MS, tell_that_we_were_away
from storage.tables import Cursor
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon with one alarm."""
    async with open_desk(tmp_path) as desk:
        yield desk


async def comes_back(desk: Desk, after_ms: int) -> bool:
    """The last sign of life is now; the next start comes later."""
    async with desk.store.unit() as unit:
        await unit.session.merge(Cursor(channel="matrix", position="s1", moved_at=unit.now))
    desk.time[0] += after_ms
    async with desk.store.unit() as unit:
        told = await tell_that_we_were_away(unit, "matrix")
    await desk.settle()
    return told


async def test_an_absence_is_told_in_every_open_case_and_to_the_operator(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()
    assert await comes_back(desk, NOTICED_MS)
    line = "Ik was weg van 15:40 tot 15:42. De klokken liepen door."
    desk["vt_fo"].expects(line, desk.case_room(), loud=False)
    desk["beheerder"].expects(line, loud=True)
    desk.nothing_unexpected()


async def test_a_short_absence_and_the_first_start_are_not_told(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        assert not await tell_that_we_were_away(unit, "matrix")
    assert not await comes_back(desk, NOTICED_MS - 1)
    desk.nothing_unexpected()


async def test_a_tap_on_an_alarm_that_was_forgotten_says_that_it_was_not_sent(desk: Desk) -> None:
    vt = desk["vt_fo"]
    await vt.says("alarm skm spoed Centrum")
    screen = vt.expects("Klopt dit?")
    await desk.advance(30)
    await desk.update("tap", vt.direct, vt.address, text="1️⃣", about=screen.event_id)
    vt.expects("Dit alarm is niet verstuurd en gewist.", loud=True)
    assert desk.case_rooms == []


async def test_an_owner_hears_of_unsigned_devices_when_a_case_opens(desk: Desk) -> None:
    vt = desk["vt_fo"]
    desk.unsigned[vt.address] = ["oude tablet", "werktelefoon"]
    await vt.says("alarm skm spoed Centrum")
    await vt.taps("1️⃣")
    vt.expects("2 apparaten van jou zijn niet bevestigd: oude tablet, werktelefoon.")
    await desk["om_ovj1"].taps("✅")
    desk["om_ovj1"].lacks("niet bevestigd")


async def test_a_bell_ends_the_wait_on_a_story_that_stands_still(tmp_path: Path) -> None:
    write_story(tmp_path / "story", 1_000_000, 0)
    bell = asyncio.Event()
    wait = asyncio.create_task(StoryClock(tmp_path / "story").wait(2_000_000, 3_600_000, bell))
    await asyncio.sleep(0)
    bell.set()
    async with asyncio.timeout(30):  # guards against hanging only
        await wait
    assert not bell.is_set()
