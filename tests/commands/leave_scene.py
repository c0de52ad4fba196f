"""Somebody leaves: what the tests of it share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlmodel import col, select

from storage.access_log import verify
from storage.tables import Page, Person
from tests.commands.harness import Desk
from tests.commands.morning import open_desk
from tests.commands.roster.scene import without_gaps

SURE = "Doorgaan?"


@asynccontextmanager
async def open_quiet_desk(folder: Path) -> AsyncIterator[Desk]:
    """Nobody is missed anywhere. At the end nothing unexpected was said, and the log is whole."""
    async with open_desk(folder, after=without_gaps) as desk:
        yield desk
        desk.nothing_unexpected()
        async with desk.store.view() as unit:
            assert (await verify(unit)).broken_at is None


async def alarm(desk: Desk, key: str = "vt_fo") -> str:
    """Somebody raises one; returns its reference. What came of it so far is expected."""
    await desk[key].says("alarm skm spoed Centrum")
    await desk[key].taps("1️⃣")
    desk.expect_so_far()
    return next(name for name, room in desk.rooms_named.items() if room == desk.case_room())


async def person(desk: Desk, key: str) -> Person:
    async with desk.store.view() as unit:
        return (await unit.session.exec(select(Person).where(Person.key == key))).one()


async def pages(desk: Desk, *keys: str) -> dict[str, str]:
    """How the pages of these people stand."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(Person.key, Page.state).join(Person).where(col(Person.key).in_(keys))
        )
        return dict(found.all())


async def signs_off(desk: Desk, label: str, by: str = "om_ap", button: str = "1️⃣") -> None:
    """The contact point asks for it and confirms."""
    await desk[by].says(f"uitschrijven {label}")
    question = desk[by].screen()[-1]
    await desk[by].taps(question.buttons[0], question)
    question.expected = True
