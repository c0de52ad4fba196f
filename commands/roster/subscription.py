"""A calendar that is kept: its events are planned shifts, brought up to date every night."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import col, delete, select, update

from commands.messages import Message, Partners, Word, message
from commands.people import row_id, with_role
from commands.roster.change import whole_roster_changed
from commands.roster.files.given import Given
from commands.roster.files.parsed import ParsedRoster
from commands.roster.plan_import import PLANNED, carry_out, plan_import
from commands.tell import How, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import BOT, Actor, note
from storage.store import Unit
from storage.tables import CalendarSource, RosterChange


def source_of(number: int) -> str:
    """How the shifts of a calendar are told from those of others."""
    return f"calendar:{number}"


async def next_source(unit: Unit) -> str:
    """As the next calendar that is kept will be called."""
    found = await unit.session.exec(select(func.max(CalendarSource.id)))
    return source_of((found.one() or 0) + 1)


async def keep_calendar(unit: Unit, address: str, given: Given) -> CalendarSource:
    """From now on it is looked at every night."""
    number = int((await next_source(unit)).partition(":")[2])
    row = CalendarSource(
        id=number,
        region_id=unit.region_id,
        partner=given.partner or "",
        function=given.function or "",
        place=given.place,
        address=unit.vault.seal(address),
        checked_at=unit.now,
    )
    unit.session.add(row)
    await unit.session.flush()
    return row


async def kept_calendars(unit: Unit) -> Sequence[CalendarSource]:
    """All of this region, the oldest first."""
    found = await unit.session.exec(
        select(CalendarSource)
        .where(CalendarSource.region_id == unit.region_id)
        .order_by(col(CalendarSource.id))
    )
    return found.all()


async def forget_calendar(unit: Unit, world: World, number: int, by: Actor, right: str) -> bool:
    """It is looked at no more, and its shifts are gone. False: there is none of this number."""
    row = await unit.session.get(CalendarSource, number)
    if row is None or row.region_id != unit.region_id:
        return False
    await unit.session.exec(
        update(RosterChange)
        .where(
            col(RosterChange.kind) == PLANNED,
            col(RosterChange.source) == source_of(number),
            col(RosterChange.undone_at).is_(None),
        )
        .values(undone_at=unit.now)
    )
    await unit.session.exec(delete(CalendarSource).where(col(CalendarSource.id) == number))
    await note(unit, by, "delete", "roster", right=right, on_behalf=row.partner)
    await whole_roster_changed(unit, world, row.partner)
    return True


async def calendar_came(
    unit: Unit, world: World, number: int, parsed: ParsedRoster, etag: str | None
) -> None:
    """What stands in it now becomes the roster, without asking: that was asked at the start."""
    row = await unit.session.get(CalendarSource, number)
    if row is None:
        return
    row.etag, row.checked_at, row.trouble = etag, unit.now, None
    source = source_of(number)
    plan = await plan_import(unit, world, parsed, source)
    if not plan.change.changes_nothing:
        await carry_out(unit, plan, BOT, right="calendar", source=source)
        await whole_roster_changed(unit, world, row.partner)


async def calendar_failed(unit: Unit, number: int, code: str) -> None:
    """The shifts stay as they were. The contact points hear it once, not every night."""
    row = await unit.session.get(CalendarSource, number)
    if row is None:
        return
    is_new = row.trouble != code
    row.trouble, row.checked_at = code, unit.now
    if is_new:
        text = _trouble(row.partner, code)
        for person in await with_role(unit, "contact_point", row.partner):
            await tell_person(unit, row_id(person), text, how=How(lane=outbox.REST))


def _trouble(partner: str, code: str) -> Message:
    finding = Word(f"import.problem.{code}" if code.startswith("url_") else "import.calendar_wrong")
    return message("import.calendar_trouble", partner=Partners((partner,)), finding=finding)
