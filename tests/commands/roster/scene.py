"""What tests of the roster on the phone share."""

from sqlmodel import col, select, update

from commands.roster.load import roster_of
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import Seat
from storage.tables import AccessEntry, Duty, Identity, Person
from tests.commands.harness import Desk

RVDK = Seat("rvdk", "contact")


async def third_of_rvdk(desk: Desk) -> None:
    """A roster without gaps. The contact point of the RvdK has the duty too: one is on duty, one
    is backup, one is free."""
    await without_gaps(desk)
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Person).where(Person.key == "rvdk_ap"))
        person = found.one()
        person.roles, person.functions = "contact_point duty", "contact"


async def without_gaps(desk: Desk) -> None:
    """Everybody can be reached, and every seat is manned at any time."""
    await everybody_tested(desk)
    await nights_filled(desk)


async def nights_filled(desk: Desk) -> None:
    """At night the two of the RvdK change places."""
    async with desk.store.unit() as unit:
        found = await unit.session.exec(select(Duty).where(Duty.start == "22:00"))
        found.one().turns = '[["rvdk_contact2", "rvdk_contact1"]]'


async def everybody_tested(desk: Desk) -> None:
    """Everybody tapped a test page just now."""
    async with desk.store.unit() as unit:
        await unit.session.exec(update(Identity).values(proven_at=unit.now))


async def on_duty(desk: Desk, at: int | None = None, seat: Seat = RVDK) -> tuple[str | None, ...]:
    """Primary and backup, as an alarm would find them."""
    async with desk.store.view() as unit:
        when = desk.now if at is None else at
        roster = await roster_of(unit, [seat.partner], since=when, span_ms=1)
        now = stretches(roster, seat, when, when + 1)[0]
        return now.primary, now.backup


async def logged(desk: Desk, what: str) -> list[tuple[str, str, str | None]]:
    """Who did something to this, and on whose behalf."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(
            select(AccessEntry.person, AccessEntry.action, AccessEntry.on_behalf)
            .where(AccessEntry.what == what)
            .order_by(col(AccessEntry.id))
        )
        return list(found)
