"""Find cases: by room, by reference, by person."""

import secrets
from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from commands.rules import reference
from storage.store import Unit
from storage.tables import Case, Member, Page


async def by_room(unit: Unit, channel: str, room: str) -> Case | None:
    """The case whose room this is."""
    found = await unit.session.exec(select(Case).where(Case.channel == channel, Case.room == room))
    return found.first()


async def open_ones(unit: Unit, *, after: int, most: int) -> Sequence[Case]:
    """The open cases of the region behind the case `after`, oldest first."""
    found = await unit.session.exec(
        select(Case)
        .where(Case.region_id == unit.region_id, Case.state == "open", col(Case.id) > after)
        .order_by(col(Case.id))
        .limit(most)
    )
    return found.all()


async def of_person(unit: Unit, person_id: int, *, closed_too: bool = False) -> Sequence[Case]:
    """Cases that this person raised, was called in or takes part in; the newest first."""
    states = ("open", "closed", "withdrawn") if closed_too else ("open",)
    mine = select(Member.case_id).where(
        Member.person_id == person_id, col(Member.left_at).is_(None)
    )
    called = select(Page.case_id).where(Page.person_id == person_id)
    found = await unit.session.exec(
        select(Case)
        .where(
            Case.region_id == unit.region_id,
            col(Case.state).in_(states),
            or_(
                Case.initiator_id == person_id,
                col(Case.id).in_(mine),
                col(Case.id).in_(called),
            ),
        )
        .order_by(col(Case.id).desc())
    )
    return found.all()


async def raised_within(unit: Unit, person_id: int, length: int) -> Case | None:
    """The alarm that this person sent in the last `length` milliseconds, if it still runs."""
    found = await unit.session.exec(
        select(Case)
        .where(
            Case.initiator_id == person_id,
            Case.state == "open",
            col(Case.opened_at) > unit.now - length,
        )
        .order_by(col(Case.id).desc())
    )
    return found.first()


async def fresh_reference(unit: Unit) -> str:
    """One that this region never gave out. Raises `ReferencesExhausted`."""
    drawn = reference.draw(secrets.choice, taken=lambda _: False)
    if not await _is_used(unit, drawn):
        return drawn
    return reference.draw(secrets.choice, (await _used(unit)).__contains__)


async def _is_used(unit: Unit, drawn: str) -> bool:
    asked = {"region": unit.region_id, "reference": drawn}
    return (await unit.session.exec(_WITH_REFERENCE, params=asked)).first() is not None


_WITH_REFERENCE = select(Case.id).where(
    Case.region_id == bindparam("region"), Case.reference == bindparam("reference")
)


async def _used(unit: Unit) -> set[str]:
    found = await unit.session.exec(
        select(Case.reference).where(
            Case.region_id == unit.region_id, col(Case.reference).is_not(None)
        )
    )
    return {used for used in found if used}
