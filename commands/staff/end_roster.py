"""The roster of somebody who leaves: from now on they stand nowhere.

Rules that come back keep their name, so that what was stays true: the absence without an end is
what takes them off, from now on.
"""

from sqlalchemy import BigInteger, bindparam, update
from sqlmodel import col, select

from commands.messages import message
from commands.people import by_key, row_id
from commands.roster.change import seat_of, whole_roster_changed
from commands.roster.spoken_shift import shift_text
from commands.rules.moments import DAY
from commands.tell import How, tell_person
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Absence, Person, RosterChange, ShiftHandover, Swap
from storage.timers import set_timer

_WAITS = ("asked", "offered")
_STANDS_IN = select(RosterChange).where(
    RosterChange.region_id == bindparam("region"),
    RosterChange.enters == bindparam("person"),
    col(RosterChange.leaves).is_not(None),
    col(RosterChange.end_at) > bindparam("now", type_=BigInteger),
    col(RosterChange.undone_at).is_(None),
)


async def end_roster(unit: Unit, world: World, person: Person) -> None:
    """Absent for good; no longer a stand-in; their swaps and handovers are over. Where somebody
    stands in for them, that somebody goes on standing there. For whom they stood in stands there
    again and hears it, and so does whoever keeps the roster of what is open now."""
    given_back = (await unit.session.exec(_STANDS_IN, params=_of(unit, person))).all()
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
    await _pass_on_offers(unit, person)
    for change in given_back:
        await _tell_given_back(unit, world, change)
    await whole_roster_changed(unit, world, person.partner)


async def _pass_on_offers(unit: Unit, person: Person) -> None:
    """A case that was offered to them at the end of a shift goes to the next at once."""
    found = await unit.session.exec(
        select(ShiftHandover).where(
            ShiftHandover.to_id == row_id(person), ShiftHandover.state == "offered"
        )
    )
    for row in found.all():
        subject = f"shift:{row.chain_id}"
        set_timer(
            unit,
            "handover_late",
            subject,
            unit.now,
            case_id=row.case_id,
            argument=str(row.id),
        )


async def _tell_given_back(unit: Unit, world: World, change: RosterChange) -> None:
    """Somebody thought to be off."""
    if change.id is not None:
        await unit.session.exec(
            update(Swap)
            .where(col(Swap.change_id) == change.id, col(Swap.state) == "taken")
            .values(state="withdrawn", change_id=None, taken_by=None)
        )
    person = await by_key(unit, change.leaves or "")
    if person is None:
        return
    start = max(change.start_at, unit.now)
    shift = shift_text(world, seat_of(change), start, change.end_at)
    how = How(loud=start - unit.now < DAY, lane=outbox.REST)
    await tell_person(unit, row_id(person), message("swap.untaken", shift=shift), how=how)


def _of(unit: Unit, person: Person) -> dict[str, str | int]:
    return {"region": unit.region_id, "person": person.key, "now": unit.now}
