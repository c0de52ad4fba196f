"""`waarnemer`: the contact point fills a gap, or somebody has the own shift taken over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commands.rules.moments import DAY, HOUR
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.roster.scene import everybody_tested, logged, on_duty, third_of_rvdk

TONIGHT = 7 * HOUR


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Nobody of the RvdK is on duty at night, as in the fictional region."""
    async with open_desk(tmp_path, after=everybody_tested) as desk:
        yield desk
        desk.nothing_unexpected()


async def test_the_contact_point_chooses_a_gap_and_a_colleague(desk: Desk) -> None:
    await desk["rvdk_ap"].says("waarnemer")
    question = desk["rvdk_ap"].expects("Waarvoor wijs je een waarnemer aan?")
    assert "1️⃣ RvdK, 22:00 – za 08:00" in question.text
    await desk["rvdk_ap"].taps("1️⃣", question)
    desk["rvdk_ap"].expects("Wie neemt waar? RvdK, 22:00 – za 08:00")
    await desk["rvdk_ap"].taps("1️⃣")
    desk["rvdk_ap"].expects("✅ RvdK-dienst 1 neemt waar: RvdK, 22:00 – za 08:00.")
    desk["rvdk_contact1"].expects("Jij bent waarnemer, voorwacht: RvdK, 22:00", loud=True)
    assert await on_duty(desk, desk.now + TONIGHT) == ("rvdk_contact1", "rvdk_contact2")
    assert await on_duty(desk, desk.now + DAY + TONIGHT) == (None, "rvdk_contact2")
    desk["rvdk_ap"].expects("⚠️ 13 gaten bij RvdK in 14 dagen.")
    assert ("rvdk_ap", "change", "rvdk_contact1") in await logged(desk, "roster")


async def test_the_backup_cannot_be_both(desk: Desk) -> None:
    await desk["rvdk_ap"].says("waarnemer")
    await desk["rvdk_ap"].taps("1️⃣")
    await desk["rvdk_ap"].taps("2️⃣")
    desk["rvdk_ap"].expects("Die staat dan al in deze dienst. Eén is geen: kies een ander.")
    assert await on_duty(desk, desk.now + TONIGHT) == (None, "rvdk_contact2")


async def test_who_stands_there_names_a_stand_in(tmp_path: Path) -> None:
    async with open_desk(tmp_path, after=third_of_rvdk) as desk:
        await desk["rvdk_contact1"].says("waarnemer")
        await desk["rvdk_contact1"].taps("1️⃣")
        desk["rvdk_contact1"].expects("Wie neemt waar? RvdK, 15:40 – 22:00")
        await desk["rvdk_contact1"].taps("2️⃣")
        desk["rvdk_contact1"].expects("✅ RvdK aanspreekpunt neemt waar: RvdK, 15:40 – 22:00.")
        desk["rvdk_ap"].expects("Jij bent waarnemer, voorwacht", loud=True)
        assert await on_duty(desk) == ("rvdk_ap", "rvdk_contact2")
        desk.nothing_unexpected()


@pytest.mark.parametrize("who", ["vt_fo", "coordinator"])
async def test_who_keeps_no_roster_names_nobody(desk: Desk, who: str) -> None:
    await desk[who].says("waarnemer")
    desk[who].expects("wie in het rooster staat")


async def test_where_nothing_is_open_there_is_nothing_to_name(desk: Desk) -> None:
    await desk["om_ap"].says("waarnemer")
    desk["om_ap"].expects("Er is niets om een waarnemer voor aan te wijzen.")
