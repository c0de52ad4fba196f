"""A case in which agreements are made."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from storage.store import Unit
from storage.tables import Agreement, Case, Measure, TimerRow
from tests.commands.harness import Desk
from tests.commands.morning import open_desk

LINE = "afspraak politie: sporen veiligstellen vóór 18:00"
POLICE = "politie_cvd1"


async def _two_took_it(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    for key in (POLICE, "om_ovj1"):
        await desk[key].taps("✅")
    async with desk.store.unit() as unit:
        await unit.session.exec(update(TimerRow).values(state="cancelled"))
    desk.expect_so_far()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """VT raised an alarm at 15:40; police and OM took it. Only agreement clocks run."""
    async with open_desk(tmp_path, after=_two_took_it) as desk:
        yield desk
        desk.nothing_unexpected()


def room(desk: Desk) -> str:
    return desk.case_room()


async def noted(desk: Desk, line: str = LINE, by: str = "om_ovj1") -> None:
    """Somebody types an agreement in the room; what follows from it is expected."""
    await desk[by].says(line, room(desk))
    desk.expect_so_far()


async def agreements(desk: Desk) -> list[Agreement]:
    async with desk.store.view() as unit:
        found = list(await unit.session.exec(select(Agreement).order_by(col(Agreement.number))))
        unit.session.expunge_all()
        return found


async def measures(desk: Desk) -> list[tuple[str, str | None]]:
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Measure.kind, Measure.partner).where(col(Measure.kind).startswith("agreement"))
        )
        return list(found)


async def close_directly(unit: Unit, state: str) -> None:
    case = (await unit.session.exec(select(Case).where(Case.state == "open"))).one()
    case.state, case.outcome, case.closed_at = state, "plan", unit.now


# ---- making one
