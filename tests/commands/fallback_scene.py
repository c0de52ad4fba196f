"""People of the demo region who can be reached by SMS as well, and what arrives there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlmodel import col, delete, select

from storage.access_log import verify
from storage.tables import Case, Identity, Page, Person
from tests.commands.harness import Desk, Phone
from tests.commands.telegram_scene import open_telegram_desk

RVDK = "rvdk_contact1"
Ways = Mapping[str, tuple[str, ...]]


@asynccontextmanager
async def open_fallback_desk(folder: Path, ways: Ways | None = None) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon; RvdK's first on duty has a number for SMS."""
    async with open_telegram_desk(folder) as desk:
        desk.world = replace(desk.world, fallback={RVDK: ("sms",)} if ways is None else ways)
        yield desk
        async with desk.store.view() as unit:
            assert (await verify(unit)).broken_at is None


def at_gateway(desk: Desk, key: str, way: str = "sms") -> Phone:
    """What a gateway was given for somebody. Nobody can answer there."""
    room = f"{way}:{key}"
    desk.rooms_named[f"direct:{room}"] = room
    return Phone(desk, key, room)


def told(phone: Phone) -> list[str]:
    """Every text, oldest first."""
    return [each.text for each in phone.screen()]


async def alarm(desk: Desk, *, urgent: bool = True) -> str:
    """VT raises one; returns its reference."""
    await desk["vt_fo"].says("alarm skm Centrum letsel past niet bij uitleg")
    await desk["vt_fo"].taps("1️⃣" if urgent else "2️⃣")
    return await reference(desk)


async def reference(desk: Desk) -> str:
    async with desk.store.view() as unit:
        newest = select(Case.reference).order_by(col(Case.id).desc()).limit(1)
        return (await unit.session.exec(newest)).one() or ""


async def page_of(desk: Desk, key: str) -> Page:
    """The newest page of somebody."""
    async with desk.store.view() as unit:
        newest = select(Page).join(Person).where(Person.key == key).order_by(col(Page.id).desc())
        found = (await unit.session.exec(newest)).first()
        assert found is not None
        return found


async def forget(desk: Desk, key: str) -> None:
    """From now on no messenger knows this person."""
    async with desk.store.unit() as unit:
        person = (await unit.session.exec(select(Person.id).where(Person.key == key))).one()
        await unit.session.exec(delete(Identity).where(col(Identity.person_id) == person))


async def speaks_english(desk: Desk, key: str) -> None:
    async with desk.store.unit() as unit:
        person = (await unit.session.exec(select(Person).where(Person.key == key))).one()
        person.language = "en"
