"""When a shift begins, those on duty are looked up; when it ends, who comes after."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels.base import Probe
from commands.people import by_key
from commands.roster.shift_end import successors
from commands.roster.shift_start import keep_checking
from storage.tables import Case, Chain, TimerRow
from tests.commands.harness import Desk
from tests.commands.instants import amsterdam
from tests.commands.morning import open_desk
from tests.commands.roster.scene import without_gaps


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=without_gaps) as desk:
        yield desk
        desk.nothing_unexpected()


async def next_look(desk: Desk) -> list[int]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(TimerRow.due_at).where(TimerRow.kind == "shift_begins", TimerRow.state == "live")
        )
        return list(found)


async def test_everybody_on_duty_is_looked_up_without_a_message(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        await keep_checking(unit)
        await keep_checking(unit)
    shown = len(desk.shown)
    await desk.advance(2)
    looked_up = {probe.user for probe in desk.carried(Probe)}
    on_duty = ("vt_gw1", "vt_gw2", "om_ovj1", "om_ovj2", "politie_cvd1", "rvdk_contact1")
    assert {desk[key].address for key in on_duty} <= looked_up
    assert len(desk.shown) == shown
    (due,) = await next_look(desk)
    assert due == amsterdam(2026, 7, 10, 22, 0), "at ten the two of the RvdK change places"


async def test_who_left_in_silence_is_a_gap_that_is_told_at_once(desk: Desk) -> None:
    desk.refuses.add(desk["om_ovj1"].address)
    async with desk.store.unit() as unit:
        await keep_checking(unit)
    await desk.advance(2)
    gap = desk["om_ap"].expects("⚠️ Geen dienst bij OM van 15:41", loud=True)
    assert "Wie er staat, is niet bereikbaar." in gap.text
    desk["beheerder"].expects("officier van justitie 1")
    desk.expect_so_far()  # and that asking them back was refused too


async def test_the_chief_of_the_shift_comes_after_the_successor(desk: Desk) -> None:
    """Story 3: no answer in a quarter of an hour, then the police's chef van dienst."""
    case = Case(region_id="lage-dijk", state="open", wrapped_key="", initiator_id=1, channel="x")
    chain = Chain(case_id=1, partner="politie", function="zeden", position=0, candidates="[]")
    async with desk.store.view() as unit:
        holder = await by_key(unit, "politie_cvd2")
        assert holder is not None
        steps = await successors(unit, desk.world, case, chain, holder, desk.now)
    assert [(step.person.key, step.step) for step in steps] == [
        ("politie_cvd1", "chief"),
        ("politie_ap", "contact_point"),
    ]


async def test_a_page_that_rings_over_the_change_goes_to_the_new_shift(desk: Desk) -> None:
    """Raised at two minutes to ten: whoever starts at ten is called at ten."""
    async with desk.store.unit() as unit:
        await keep_checking(unit)
    await desk.advance((amsterdam(2026, 7, 10, 21, 58) - desk.now) / 60_000)
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk["rvdk_contact1"].expects("vóór 22:08 (10 min)?", loud=True)
    desk["rvdk_contact2"].lacks("🔴 Alarm")
    await desk.advance(2)
    desk["rvdk_contact2"].expects("vóór 22:10 (10 min)?", loud=True)
    desk["rvdk_contact1"].expects("Oppakken kan nog.")
    desk.expect_so_far()
