"""A case that everybody took, on its way to an overleg."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.tables import Consultation, Measure, Vote
from tests.commands.harness import Desk, Shown
from tests.commands.morning import Happens, open_desk

ON_DUTY = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
ASKED = ("vt_fo", *ON_DUTY)
ASK = "Wanneer kun je?"
FIVE = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "❌")


@pytest.fixture
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon, or after what the test `begins` with."""
    async with open_desk(tmp_path, after=getattr(request, "param", None)) as desk:
        yield desk
        desk.nothing_unexpected()


def begins(happens: Happens) -> pytest.MarkDecorator:
    """The test's desk stands as it does after this."""
    return pytest.mark.parametrize("desk", [happens], indirect=True)


def reference_of(desk: Desk) -> str:
    """The name of the newest case."""
    return next(name for name, room in desk.rooms_named.items() if room == desk.case_room())


async def alarm(desk: Desk) -> None:
    """VT raises one at 15:40."""
    await raised(desk, "1️⃣")


async def raised(desk: Desk, kind: str) -> None:
    """VT raises one, with the button for urgent or for calm."""
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps(kind)
    desk.expect_so_far()


async def voting(desk: Desk) -> None:
    """All four took it by 15:53, and are asked."""
    await alarm(desk)
    for key in ON_DUTY[:3]:
        await desk[key].taps("✅")
    await desk.advance(4)
    await desk["rvdk_contact1"].reads()
    await desk.advance(9)
    await desk["rvdk_contact1"].taps("✅")
    desk.expect_so_far()


async def fixed(desk: Desk) -> None:
    """16:30 fits everybody; the frontoffice did not vote."""
    await voting(desk)
    for key in ON_DUTY:
        await desk[key].taps("1️⃣")
    desk.expect_so_far()


def question(desk: Desk, key: str) -> Shown:
    """The message with the vote, as it stands."""
    return next(each for each in reversed(desk[key].screen()) if each.buttons == FIVE)


async def rows(desk: Desk) -> list[Consultation]:
    """Every overleg, oldest first."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Consultation).order_by(col(Consultation.id)))
        planned = list(found)
        unit.session.expunge_all()
        return planned


async def choices(desk: Desk) -> list[str]:
    """What was chosen, in the order of asking."""
    async with desk.store.view() as unit:
        return list(await unit.session.exec(select(Vote.choices).order_by(col(Vote.id))))


async def measured(desk: Desk) -> list[str]:
    """The kinds of counts about an overleg."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Measure.kind).order_by(col(Measure.id)))
        return [kind for kind in found if kind.startswith("consultation")]


# ---- asking
