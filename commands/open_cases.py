"""Find cases: by room, by reference, by person."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, union_all
from sqlmodel import col, or_, select

from commands.rules import reference
from storage.store import Unit
from storage.tables import Case, Drill, Member, Page


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
    """One that this region never gave out, to a case or a drill. Raises `ReferencesExhausted`."""
    drawn = [reference.draw(secrets.choice, taken=lambda _: False) for _ in range(_DRAWN_AT_ONCE)]
    asked = {"region": unit.region_id, "references": drawn}
    used = set((await unit.session.exec(_USED_OF_THESE, params=asked)).scalars().all())
    for each in drawn:
        if each not in used:
            return each
    return reference.draw(secrets.choice, (await _used(unit)).__contains__)


# With 20,000 of the 30,976 used, one in 6,000 alarms finds none free among so many.
_DRAWN_AT_ONCE = 20
_THESE: Any = bindparam("references", expanding=True)
_USED_OF_THESE: Any = union_all(
    select(Case.reference).where(
        Case.region_id == bindparam("region"), col(Case.reference).in_(_THESE)
    ),
    select(Drill.reference).where(
        Drill.region_id == bindparam("region"), col(Drill.reference).in_(_THESE)
    ),
)


async def _used(unit: Unit) -> set[str]:
    found = await unit.session.exec(
        select(Case.reference).where(
            Case.region_id == unit.region_id, col(Case.reference).is_not(None)
        )
    )
    drilled = await unit.session.exec(
        select(Drill.reference).where(Drill.region_id == unit.region_id)
    )
    return {used for used in (*found, *drilled) if used}
