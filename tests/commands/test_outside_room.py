"""Somebody of the case who has no account where its room is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.tables import Case
from tests.commands.harness import Desk, Phone
from tests.commands.telegram_scene import only_on_telegram, open_telegram_desk, types
from tests.commands.topic_scene import press

POLICE, RVDK, VT = "politie_cvd1", "rvdk_contact1", "vt_fo"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


async def case_state(desk: Desk) -> str:
    async with desk.store.view() as unit:
        return (await unit.session.exec(select(Case.state).where(Case.state != "draft"))).one()


async def police_take(desk: Desk) -> Phone:
    police = await only_on_telegram(desk, POLICE, "5001", "politie_ap")
    await desk[VT].says("alarm skm spoed Centrum")
    await desk[VT].taps("1️⃣")
    await press(police, police.expects("🔴 Alarm"), "Ik pak op")
    return police


async def test_they_read_whom_to_call_for_what_they_cannot_read(desk: Desk) -> None:
    police = await police_take(desk)
    taken = police.expects("✅ Jij pakt ")
    assert "Hieronder staat wie je belt voor de inhoud." in taken.text
    headline = police.expects("Politie: opgepakt 15:40", loud=False)
    assert "Bel VT voor de inhoud: 0800-2001." in headline.text
    assert "casusruimte. Bel" not in desk[VT].screen(desk.case_room())[-1].text


async def test_a_case_that_they_lead_is_closed_by_who_is_in_the_room(desk: Desk) -> None:
    """Else nobody could: on Telegram the outcomes are not named."""
    melder = await only_on_telegram(desk, VT, "5002", "vt_ap")
    await desk.advance(1)
    await types(melder, "alarm skm spoed Centrum")
    await press(melder, melder.expects("Klopt dit?"), "Verstuur: spoed")
    await desk[RVDK].taps("✅")
    await types(melder, "sluit")
    melder.expects("Sluiten doe je in de casusruimte.")
    await desk[RVDK].says("sluit")
    question = desk[RVDK].expects("Wat is de uitkomst?")
    await desk[RVDK].taps("1️⃣", question)
    await desk[RVDK].taps("✅", question)
    assert await case_state(desk) == "closed"


async def test_where_the_lead_can_come_in_nobody_else_closes(desk: Desk) -> None:
    await police_take(desk)
    await desk[RVDK].taps("✅")
    await desk[RVDK].says("sluit")
    desk[RVDK].lacks("Wat is de uitkomst?")
    assert await case_state(desk) == "open"


async def test_what_they_type_for_an_agreement_does_not_stay_on_telegram(desk: Desk) -> None:
    police = await police_take(desk)
    gone = set(desk.erased)
    await types(police, "afspraak politie: sporen veiligstellen vóór 18:00")
    assert len(set(desk.erased) - gone) == 1
    assert "sporen veiligstellen" in desk[VT].screen(desk.case_room())[-1].text


async def test_nothing_sends_them_to_a_room_that_they_do_not_have(desk: Desk) -> None:
    """A new agreement, the time of the overleg and `stand` name whom to call instead."""
    police = await police_take(desk)
    await desk[VT].says("afspraak politie: sporen veiligstellen vóór 18:00", desk.case_room())
    told = [police.expects("📌 Afspraak 1 in ", loud=False)]
    await types(police, "stand")
    told.append(police.expects("🔴 "))
    await desk[VT].says("overleg nu")
    told.append(police.expects(" is nu."))
    for each in told:
        assert "in de casusruimte" not in each.text
        assert "Bel VT voor de inhoud: 0800-2001." in each.text


async def test_words_that_change_nothing_are_answered(desk: Desk) -> None:
    police = await police_take(desk)
    await types(police, "ik pak op")
    police.expects(": opgepakt. Je hoeft niets te doen.")


async def test_a_no_can_be_taken_back_in_words(desk: Desk) -> None:
    police = await police_take(desk)
    await types(police, "kan niet")
    police.expects("niet meer op (15:40).")
    await types(police, "ik pak op")
    police.expects("✅ Jij pakt ")
