"""`rooster beeld`: whose roster, for whom, and that a row holds no picture."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels.base import SendPicture
from storage import outbox
from storage.tables import OutboxRow, Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


def newest(desk: Desk) -> SendPicture:
    return desk.pictures[-1]


@pytest.mark.parametrize("typed", ["rooster beeld", "beeld", "roster picture", "/rooster_beeld"])
async def test_everybody_sees_that_of_their_own_organisation(desk: Desk, typed: str) -> None:
    await desk["om_ovj1"].says(typed)
    assert newest(desk).room == desk["om_ovj1"].direct
    assert newest(desk).name == "rooster-om.png"
    assert newest(desk).text == "Rooster OM, twee weken. Gaten: 0."
    assert "officier van justitie 1" in newest(desk).svg
    assert "vr 10 juli t/m do 23 juli" in newest(desk).svg


async def test_of_another_organisation_only_a_coordinator(desk: Desk) -> None:
    await desk["om_ap"].says("rooster beeld RvdK")
    desk["om_ap"].expects("Jij ziet het rooster van OM.")
    assert desk.pictures == []
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(col(Person.key) == "om_ap"))
        found.one().roles += " coordinator"
    await desk["om_ap"].says("rooster beeld RvdK")
    assert newest(desk).text == "Rooster RvdK, twee weken. Gaten: 14."
    assert "geen dienst" in newest(desk).svg or ">gat<" in newest(desk).svg
    await desk["om_ap"].says("rooster beeld")
    assert newest(desk).name == "rooster-om.png"
    await desk["om_ap"].says("rooster beeld zwembad")
    desk["om_ap"].expects("Die partner doet niet mee. Kies: VT, OM, politie, RvdK.")


async def test_english_for_who_reads_it(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(col(Person.key) == "rvdk_contact1"))
        found.one().language = "en"
    await desk["rvdk_contact1"].says("roster picture")
    assert newest(desk).text == "Roster RvdK, two weeks. Gaps: 14."
    assert "Fri 10 July to Thu 23 July" in newest(desk).svg


async def test_a_row_is_a_meaning_and_the_picture_is_of_when_it_goes(desk: Desk) -> None:
    from commands.people import by_address
    from commands.roster.picture import DAYS

    async with desk.store.unit() as unit:
        who = await by_address(unit, "matrix", desk["om_ovj1"].address)
        assert who is not None
        row = outbox.queue(
            unit,
            channel="matrix",
            destination=f"person:{who.id}:matrix",
            kind="picture",
            payload={"partner": "om", "from": "2026-07-10", "days": DAYS},
        )
        meant = outbox.opened(unit, row, None)
    assert len(json.dumps(meant)) < 100
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(col(Person.key) == "om_ovj1"))
        found.one().label = "officier met een ander kenmerk"
    await desk.settle()
    assert "officier met een ander kenmerk" in newest(desk).svg


async def test_who_cannot_be_called_is_a_gap(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(col(Person.key) == "om_ovj1"))
        found.one().active = False
    await desk["om_ovj2"].says("beeld")
    assert newest(desk).text == "Rooster OM, twee weken. Gaten: 1."
    assert "geen dienst" in newest(desk).svg


async def test_the_row_is_sent_and_blank(desk: Desk) -> None:
    await desk["om_ovj1"].says("beeld")
    async with desk.store.view() as unit:
        rows = await unit.session.exec(select(OutboxRow).where(OutboxRow.kind == "picture"))
        (row,) = rows.all()
    assert (row.state, row.payload) == ("sent", "")
