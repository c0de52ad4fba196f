"""Two contact points of one organisation: both are steps of a page, in their order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import check_staff
from storage.tables import Page, Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Somebody more is a contact point of OM."""
    async with open_desk(tmp_path) as desk:
        async with desk.store.unit() as unit:
            found = await unit.session.exec(select(Person).where(Person.key == "coordinator"))
            second = found.one()
            second.partner, second.functions, second.roles = "om", "", "contact_point"
        yield desk


async def called(desk: Desk) -> list[tuple[str, str, str]]:
    """Whom the OM chain called, in order: person, step, state."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Person.key, Page.role, Page.state)
            .join(Page, col(Page.person_id) == col(Person.id))
            .where(Person.partner == "om")
            .order_by(col(Page.id))
        )
        return list(found.all())


async def test_after_duty_and_backup_one_contact_point_after_the_other(desk: Desk) -> None:
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    for key in ("om_ovj1", "om_ovj2", "om_ap"):
        await desk[key].taps("❌", desk[key].expects("🔴 Alarm"))
    assert [(key, role) for key, role, _ in await called(desk)] == [
        ("om_ovj1", "primary"),
        ("om_ovj2", "backup"),
        ("om_ap", "contact_point"),
        ("coordinator", "contact_point"),
    ]
    second = desk["coordinator"]
    await second.taps("✅", second.expects("🔴 Alarm", loud=True))
    assert (await called(desk))[-1][2] == "acked"


async def test_the_check_warns_of_partners_with_only_one(desk: Desk) -> None:
    async with desk.store.view() as unit:
        found = await check_staff.contact_points(unit)
    assert (found.ready, found.warns) == (True, True)
    assert found.detail.params["partners"].keys == ("vt", "politie", "rvdk")  # type: ignore[union-attr]
