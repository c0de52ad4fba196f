"""A case that can be closed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.tables import Case, Measure
from tests.commands.harness import Desk, Shown
from tests.commands.morning import open_desk

POLICE = "politie_cvd1"


async def _two_took_it(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    for key in (POLICE, "om_ovj1"):
        await desk[key].taps("✅")
    desk.expect_so_far()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm; police and OM took it, VT's and RvdK's own duty did not yet."""
    async with open_desk(tmp_path, after=_two_took_it) as desk:
        yield desk
        desk.nothing_unexpected()


def room(desk: Desk) -> str:
    return desk.case_room()


def headline(desk: Desk) -> str:
    """The headline in the room."""
    found = [each for each in desk["vt_fo"].screen(room(desk)) if each.text[:1] in "🔴📞🏁"]
    return found[-1].text


async def the_case(desk: Desk) -> Case:
    async with desk.store.view() as unit:
        case = (await unit.session.exec(select(Case).where(Case.state != "draft"))).one()
        unit.session.expunge_all()
        return case


async def kinds(desk: Desk, prefix: str) -> list[str]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Measure.kind).where(col(Measure.kind).startswith(prefix))
        )
        return list(found)


async def close(desk: Desk, key: str = "vt_fo") -> Shown:
    """Three steps to closed; returns the message that carried them."""
    await desk[key].says("sluit")
    question = desk[key].expects("Wat is de uitkomst?")
    await desk[key].taps("1️⃣", question)
    await desk[key].taps("✅", question)
    return question


# ---- the lead
