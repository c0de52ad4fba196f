"""`ik ben ziek`: off the roster at once, whatever runs, and nobody writes down why."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.rules.moments import DAY, HOUR
from storage.tables import Absence, Duty
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.roster.scene import logged, on_duty, third_of_rvdk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, after=third_of_rvdk) as desk:
        yield desk
        desk.nothing_unexpected()


async def ill(desk: Desk, choice: str, who: str = "rvdk_contact1") -> None:
    await desk[who].says("ik ben ziek")
    desk[who].expects("Beterschap. Tot wanneer sta je niet in het rooster?")
    await desk[who].taps(choice)


async def test_for_this_shift(desk: Desk) -> None:
    await ill(desk, "1️⃣")
    desk["rvdk_contact1"].expects("Afwezig tot 22:00. Je staat nergens meer in dienst.")
    told = desk["rvdk_ap"].expects("⚠️ RvdK-dienst 1 is afwezig tot 22:00.", loud=True)
    assert "Diensten die openvallen: 1. Schrijf: waarnemer." in told.text
    assert "Valt open: RvdK, 15:40 – 22:00" in told.text
    assert "ziek" not in told.text
    desk["rvdk_ap"].expects("⚠️ Geen dienst bij RvdK van 15:40 tot 22:00.", loud=True)
    assert await on_duty(desk) == (None, "rvdk_contact2")
    assert await on_duty(desk, desk.now + DAY) == ("rvdk_contact1", "rvdk_contact2")


async def test_until_back_and_back_again(desk: Desk) -> None:
    await ill(desk, "3️⃣")
    desk["rvdk_contact1"].expects("Afwezig tot nader bericht.")
    desk.expect_so_far()
    assert await on_duty(desk, desk.now + 7 * DAY) == (None, "rvdk_contact2")
    await desk["rvdk_contact1"].says("ziek")
    desk["rvdk_contact1"].expects("RvdK-dienst 1 staat al op afwezig.")
    await desk["rvdk_contact1"].says("beter")
    desk["rvdk_contact1"].expects("✅ RvdK-dienst 1 staat weer in het rooster.")
    desk["rvdk_ap"].expects("✅ Opgelost: alle gaten bij RvdK.")
    assert await on_duty(desk, desk.now + 7 * DAY) == ("rvdk_contact1", "rvdk_contact2")


async def test_the_contact_point_does_it_for_a_colleague_who_hears_it(desk: Desk) -> None:
    await desk["rvdk_ap"].says("ziek RvdK-dienst 1")
    desk["rvdk_ap"].expects("Tot wanneer staat RvdK-dienst 1 niet in het rooster?")
    await desk["rvdk_ap"].taps("2️⃣")
    desk["rvdk_ap"].expects("RvdK-dienst 1 is afwezig tot zo 00:00.")
    desk["rvdk_contact1"].expects("Je aanspreekpunt zette je op afwezig tot zo 00:00.")
    desk.expect_so_far()
    assert ("rvdk_ap", "change", "rvdk_contact1") in await logged(desk, "absence")


async def test_nothing_says_why(desk: Desk) -> None:
    await ill(desk, "1️⃣")
    desk.expect_so_far()
    async with desk.store.view() as unit:
        row = (await unit.session.exec(select(Absence))).one()
    assert "ziek" not in str(row.model_dump())


async def test_thinking_better_of_it(desk: Desk) -> None:
    await ill(desk, "❌")
    desk["rvdk_contact1"].expects("Goed. Er is niets veranderd.")
    assert await on_duty(desk) == ("rvdk_contact1", "rvdk_contact2")


async def test_a_page_that_rings_goes_to_the_backup_at_once(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    desk.expect_so_far()
    await ill(desk, "1️⃣")
    desk["rvdk_contact1"].expects("⏫ De achterwacht is opgeroepen (15:40).")
    desk["rvdk_contact2"].expects("Jij bent achterwacht, je collega kan niet.", loud=True)
    desk.expect_so_far()


async def test_a_stand_in_named_meanwhile_is_called_at_once(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await ill(desk, "1️⃣")
    desk.expect_so_far()
    await desk.advance(1)
    gap = desk["rvdk_ap"].expects("⚠️ Geen dienst bij RvdK van 15:40 tot 22:00.")
    await desk["rvdk_ap"].taps("2️⃣", gap)  # [Ik neem hem]
    page = desk["rvdk_ap"].expects("Pak je dit op vóór 15:51 (10 min)?", loud=True)
    desk["rvdk_contact2"].expects("⏫ De dienst is opgeroepen (15:41). Oppakken kan nog.")
    await desk["rvdk_ap"].taps("✅", page)
    desk["rvdk_ap"].expects("✅ Jij pakt")
    desk.expect_so_far()


async def test_two_words_of_it_are_one_absence_and_one_beter_ends_it(desk: Desk) -> None:
    """The contact point and the colleague say it at the same time."""
    await desk["rvdk_ap"].says("ziek RvdK-dienst 1")
    by_point = desk["rvdk_ap"].screen()[-1]
    await ill(desk, "3️⃣")
    await desk["rvdk_ap"].taps("3️⃣", by_point)
    desk["rvdk_ap"].expects("RvdK-dienst 1 staat al op afwezig.")
    desk.expect_so_far()
    await desk["rvdk_contact1"].says("beter")
    desk.expect_so_far()
    assert await on_duty(desk) == ("rvdk_contact1", "rvdk_contact2")


async def test_this_shift_means_the_one_that_runs(desk: Desk) -> None:
    await desk["rvdk_contact1"].says("ziek")
    question = desk["rvdk_contact1"].expects("Beterschap.")
    await nights_without(desk)
    desk.time[0] += 7 * HOUR
    await desk["rvdk_contact1"].taps("1️⃣", question)
    desk["rvdk_contact1"].expects("Dit kan niet meer.")
    async with desk.store.view() as unit:
        assert not (await unit.session.exec(select(Absence))).all()


async def nights_without(desk: Desk) -> None:
    """At night somebody else is backup."""
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.start == "22:00"))
        found.one().turns = '[["rvdk_contact2", "rvdk_ap"]]'


async def test_who_is_away_is_named_by_nobody(desk: Desk) -> None:
    await ill(desk, "3️⃣")
    await desk["rvdk_ap"].says("ziek RvdK-dienst 2")
    await desk["rvdk_ap"].taps("3️⃣")
    desk.expect_so_far()
    await desk["rvdk_ap"].says("waarnemer")
    await desk["rvdk_ap"].taps("1️⃣")
    await desk["rvdk_ap"].taps("2️⃣")
    desk["rvdk_ap"].expects("RvdK-dienst 1 is dan afwezig of nu niet bereikbaar. Kies een ander.")
    desk.expect_so_far()
