"""Whoever leaves holds a case, has an open page, or raised an alarm: what becomes of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from commands.people import by_key
from storage.tables import (
    AccessEntry,
    Case,
    Member,
    Person,
)
from tests.commands.harness import Desk
from tests.commands.leave_scene import SURE, alarm, open_quiet_desk, pages, person, signs_off


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_quiet_desk(tmp_path) as desk:
        yield desk


async def test_an_open_case_is_handed_over_first(desk: Desk) -> None:
    reference = await alarm(desk)
    om = desk["om_ovj1"]
    await om.taps("✅")
    desk.expect_so_far()
    await om.says("uitschrijven")
    refusal = om.expects("Je kunt je nu nog niet uitschrijven.")
    assert f"Eerst overdragen: {reference}. Schrijf: overdragen, of: kan niet." in refusal.text
    assert refusal.buttons == ()
    await om.says("kan niet")
    desk.expect_so_far()
    await om.says("uitschrijven")
    om.expects(SURE)


async def test_the_contact_point_may_release_a_case_and_the_next_is_called_at_once(
    desk: Desk,
) -> None:
    reference = await alarm(desk)
    om, ap = desk["om_ovj1"], desk["om_ap"]
    chat = om.direct
    await om.taps("✅")
    desk.expect_so_far()
    room = desk.case_room()
    assert om.address in desk.members[room]
    await ap.says("uitschrijven officier van justitie 1")
    question = ap.expects(SURE)
    assert "1 casus eerst overdragen" in question.text
    assert f"Eerst overdragen: {reference}." in question.text
    assert "Dan gaat de oproep meteen naar de volgende." in question.text
    await ap.taps("✅", question)
    assert (
        question.text == "Officier van justitie 1 is uitgeschreven (15:40). Ik controleer het nog."
    )
    desk["om_ovj2"].expects("🔴 Alarm", loud=True)
    assert om.address not in desk.members[room]
    assert om.address not in desk.members[desk.rooms_named["Regio Lage Dijk"]]
    assert all(each.erased for each in desk.shown if each.room == chat and reference in each.text)
    desk.expect_so_far()
    await desk.advance(2)
    assert question.text.startswith("✅ Uitgeschreven 15:40: ruimtes, rooster, agenda.")
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Member).join(Person).where(Person.key == "om_ovj1"))
        assert [each.left_at is not None for each in found] == [True]
        said = await unit.session.exec(
            select(AccessEntry.what, AccessEntry.person).where(AccessEntry.on_behalf == "om_ovj1")
        )
        assert {("person", "om_ap"), ("room", "om_ap"), ("leaving", "bot")} <= set(said)
    desk.expect_so_far()


async def test_an_open_page_goes_on_without_waiting_for_a_clock(desk: Desk) -> None:
    await alarm(desk)
    assert await pages(desk, "om_ovj1", "om_ovj2") == {"om_ovj1": "called"}
    await signs_off(desk, "officier van justitie 1")
    assert await pages(desk, "om_ovj1", "om_ovj2") == {"om_ovj1": "expired", "om_ovj2": "called"}
    desk["om_ovj2"].expects("🔴 Alarm", loud=True)
    desk.expect_so_far()
    chat = desk["om_ovj1"].direct
    before = len([each for each in desk.shown if each.room == chat])
    await desk.advance(20)
    assert len([each for each in desk.shown if each.room == chat]) == before, "nothing more there"
    desk.expect_so_far()


async def test_who_raised_an_alarm_leaves_it_to_the_contact_point(desk: Desk) -> None:
    reference = await alarm(desk)
    vt, ap = desk["vt_fo"], desk["vt_ap"]
    await vt.says("uitschrijven")
    assert f"Zelf gemeld en nog open: {reference}." in vt.expects("nog niet uitschrijven").text
    await ap.says("uitschrijven VT frontoffice")
    question = ap.expects(SURE)
    assert "En jij neemt over wat is gemeld." in question.text
    await ap.taps("✅", question)
    ap.expects(f"🔴 {reference}")
    async with desk.store.view() as unit:
        case = (await unit.session.exec(select(Case))).one()
        heir = await by_key(unit, "vt_ap")
        assert heir is not None
        assert case.initiator_id == heir.id
    assert ap.address in desk.members[desk.case_room()]
    assert vt.address not in desk.members[desk.case_room()]
    desk.expect_so_far()
    await desk.advance(60)
    assert "📞" in "".join(each.text for each in ap.screen()), (
        "the desk to call is told to the heir"
    )
    desk.expect_so_far()


async def test_a_case_that_came_between_is_asked_about_again(desk: Desk) -> None:
    om = desk["om_ovj1"]
    await om.says("uitschrijven")
    question = om.expects(SURE)
    await alarm(desk)
    await om.taps("✅", next(each for each in om.screen() if "🔴" in each.text))
    desk.expect_so_far()
    await om.taps("✅", question)
    assert question.text.startswith("Je kunt je nu nog niet uitschrijven.")
    assert (await person(desk, "om_ovj1")).active
