"""Fourteen days ahead: whoever keeps a roster hears of a gap once, and again as it comes near."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.roster.watch import keep_watching
from commands.rules.moments import DAY, HOUR, MINUTE
from storage.tables import Duty, GapWarning, TimerRow
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk
from tests.commands.roster.scene import nights_filled

BEGIN = amsterdam(2026, 7, 10, 15, 40)


async def one_gap_in_two_weeks(desk: Desk) -> None:
    """The OvJ's roster ends on the evening of Thursday 23 July."""
    await nights_filled(desk)
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.partner == "om"))
        found.one().valid_until = "2026-07-23"
        await keep_watching(unit)
    await keep_tested(desk)


async def keep_tested(desk: Desk) -> None:
    from tests.commands.roster.scene import everybody_tested

    await everybody_tested(desk)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=one_gap_in_two_weeks) as desk:
        yield desk
        desk.nothing_unexpected()


async def until(desk: Desk, *when: int) -> None:
    await desk.advance((amsterdam(*when) - desk.now) / MINUTE)


async def test_the_first_look_is_in_the_morning_and_silent(desk: Desk) -> None:
    await until(desk, 2026, 7, 11, 8, 59)
    desk["om_ap"].lacks("⚠️")
    await until(desk, 2026, 7, 11, 9, 0)
    told = desk["om_ap"].expects("⚠️ Geen dienst bij OM van vr 24 juli 00:00", loud=False)
    assert "Vul het rooster aan of wijs een waarnemer aan." in told.text
    await until(desk, 2026, 7, 16, 12, 0)
    assert sum("⚠️" in each.text for each in desk["om_ap"].screen()) == 1, "once"


async def test_it_is_told_again_as_it_comes_nearer_and_rings_only_by_day(desk: Desk) -> None:
    """Three days, one day and two hours before: at midnight, at midnight and at ten."""
    await until(desk, 2026, 7, 20, 23, 59)
    desk.expect_so_far()
    seen = set()
    for when in ((2026, 7, 21, 0, 1), (2026, 7, 23, 0, 1), (2026, 7, 23, 22, 1)):
        await until(desk, *when)
        told = desk["om_ap"].expects("⚠️ Geen dienst bij OM van ", loud=False)
        seen.add(told.event_id)
        standing = [each for each in desk["om_ap"].screen() if "⚠️" in each.text]
        assert standing == [told], "one message for a gap, never two with buttons"
    assert len(seen) == 3


async def test_by_day_it_rings(desk: Desk) -> None:
    """The roster ends at noon in three days."""
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.partner == "om"))
        duty = found.one()
        duty.start, duty.end, duty.valid_until = "12:00", "12:00", "2026-07-13"
    await until(desk, 2026, 7, 11, 13, 0)
    desk["om_ap"].expects("⚠️ Geen dienst bij OM van di 12:00", loud=True)


async def test_what_is_mended_is_taken_back(desk: Desk) -> None:
    await until(desk, 2026, 7, 11, 9, 0)
    desk.expect_so_far()
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.partner == "om"))
        found.one().valid_until = None
    await until(desk, 2026, 7, 12, 9, 0)
    mended = desk["om_ap"].expects("✅ Opgelost: OM vr 24 juli 00:00 – ")
    assert mended.edits == 1, "the warning itself says so"
    assert not mended.buttons


async def test_the_past_is_told_to_nobody(desk: Desk) -> None:
    """The bot was away while a gap came and went."""
    await until(desk, 2026, 7, 11, 9, 0)
    desk.expect_so_far()
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.partner == "om"))
        found.one().valid_until = None
    desk.time[0] = amsterdam(2026, 8, 10, 9, 0)
    await keep_tested(desk)
    await desk.settle()
    desk["om_ap"].lacks("✅ Opgelost")


async def test_many_gaps_are_told_in_one_message(tmp_path: Path) -> None:
    """Every night of the RvdK, as in the fictional region."""
    async with open_desk(tmp_path) as desk:
        await keep_tested(desk)
        async with desk.store.unit() as unit:
            await keep_watching(unit)
        await until(desk, 2026, 7, 11, 9, 0)
        told = desk["rvdk_ap"].expects("⚠️ 14 gaten bij RvdK in 14 dagen. Het eerste: 22:00")
        assert told.loud, "the first is tonight"
        await until(desk, 2026, 7, 11, 19, 0)
        desk.nothing_unexpected()


async def test_who_was_not_tested_for_thirty_days_stands_nowhere(tmp_path: Path) -> None:
    async with open_desk(tmp_path, after=one_gap_in_two_weeks) as desk:
        await until(desk, 2026, 8, 9, 9, 0)
        desk.expect_so_far()
        await until(desk, 2026, 8, 10, 9, 0)
        told = desk["vt_ap"].expects("⚠️ Geen dienst bij VT van")
        assert "Wie er staat, is niet bereikbaar. Laat die collega schrijven: test." in told.text
        desk.expect_so_far()


async def test_there_is_always_one_next_look(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        await keep_watching(unit)
    for _ in range(3):
        await desk.advance(DAY / MINUTE)
        async with desk.store.view() as unit:
            live = await unit.session.exec(
                select(TimerRow).where(TimerRow.kind == "roster_watch", TimerRow.state == "live")
            )
            (row,) = live.all()
            assert 0 < row.due_at - desk.now <= DAY + HOUR
            known = await unit.session.exec(select(GapWarning))
            assert len(known.all()) == 1
    desk.expect_so_far()


async def test_a_district_that_the_roster_forgot_is_a_gap(desk: Desk) -> None:
    """Once one district has somebody of its own, each needs somebody."""
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.partner == "politie"))
        found.one().place = "Centrum"
    await until(desk, 2026, 7, 11, 9, 0)
    told = desk["politie_ap"].expects("gaten bij politie in 14 dagen.")
    assert told.text.startswith("⚠️")
    await desk["politie_ap"].says("rooster gaten")
    text = desk["politie_ap"].expects("gaten in de komende 14 dagen:").text
    assert "Politie Noord: geen voorwacht" in text
    assert "Politie Centrum" not in text
    desk.expect_so_far()


async def test_an_old_button_puts_nobody_in_where_somebody_stands(desk: Desk) -> None:
    await until(desk, 2026, 7, 11, 9, 0)
    warning = desk["om_ap"].expects("⚠️ Geen dienst bij OM")
    async with desk.store.unit() as unit:
        (row,) = (await unit.session.exec(select(GapWarning))).all()
        row.mended_at = unit.now
    await desk["om_ap"].taps("1️⃣", warning)
    desk["om_ap"].expects("Dit kan niet meer.")
