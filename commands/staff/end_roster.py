"""The roster of somebody who leaves: from now on they stand nowhere.

Rules that come back keep their name, so that what was stays true: the absence without an end is
what takes them off, from now on.
"""

from sqlalchemy import update
from sqlmodel import col

from commands.people import row_id
from storage.store import Unit
from storage.tables import Absence, Person, RosterChange, ShiftHandover, Swap

_WAITS = ("asked", "offered")


async def end_roster(unit: Unit, person: Person) -> None:
    """Absent for good; no longer a stand-in; their swaps and handovers are over. Where somebody
    stands in for them, that somebody goes on standing there."""
    unit.session.add(
        Absence(
            region_id=unit.region_id,
            person=person.key,
            start_at=unit.now,
            made_by=person.key,
            made_at=unit.now,
        )
    )
    mine = (col(RosterChange.region_id) == unit.region_id, col(RosterChange.enters) == person.key)
    to_come = update(RosterChange).where(
        *mine, col(RosterChange.start_at) >= unit.now, col(RosterChange.undone_at).is_(None)
    )
    await unit.session.exec(to_come.values(undone_at=unit.now))
    running = update(RosterChange).where(
        *mine,
        col(RosterChange.start_at) < unit.now,
        col(RosterChange.end_at) > unit.now,
        col(RosterChange.undone_at).is_(None),
    )
    await unit.session.exec(running.values(end_at=unit.now))
    await unit.session.exec(
        update(Swap)
        .where(
            col(Swap.region_id) == unit.region_id,
            col(Swap.person) == person.key,
            col(Swap.state) == "open",
        )
        .values(state="withdrawn")
    )
    await unit.session.exec(
        update(ShiftHandover)
        .where(col(ShiftHandover.from_id) == row_id(person), col(ShiftHandover.state).in_(_WAITS))
        .values(state="over")
    )
