"""Put somebody else on the roster for once, or take somebody off it, and what follows at once:
running pages go by it, shifts that hold a case are looked at, and gaps are told."""

from collections.abc import Sequence

from sqlmodel import select

from commands.roster.load import roster_of
from commands.roster.running_pages import follow_roster
from commands.roster.watch import look_soon
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import ChangeKind, DutyRole, Seat
from commands.world import World
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Absence, Person, RosterChange


async def stand_in_for(
    unit: Unit,
    world: World,
    by: Actor,
    seat: Seat,
    span: tuple[int, int],
    *,
    enters: str | None,
    leaves: str | None = None,
    role: DutyRole | None = None,
    kind: ChangeKind = "stand_in",
    right: str,
) -> RosterChange:
    """From `span[0]` to just before `span[1]` (UTC epoch milliseconds) `enters` stands in this
    seat: for `leaves`, or in this role whoever would."""
    change = RosterChange(
        region_id=unit.region_id,
        partner=seat.partner,
        function=seat.function,
        place=seat.place,
        start_at=span[0],
        end_at=span[1],
        role=role,
        leaves=leaves,
        enters=enters,
        kind=kind,
        made_by=by.key,
        made_at=unit.now,
    )
    stood = await who_stands(unit, seat, span)
    unit.session.add(change)
    await unit.session.flush()
    await note(unit, by, "change", "roster", right=right, on_behalf=leaves or enters)
    await _follow(unit, world, seat.partner, enters, *stood)
    return change


async def who_stands(unit: Unit, seat: Seat, span: tuple[int, int]) -> set[str]:
    """Everybody who stands in this seat at some moment of this time, in either role."""
    roster = await roster_of(unit, [seat.partner], since=span[0], span_ms=span[1] - span[0])
    course = stretches(roster, seat, *span)
    return {key for each in course for key in (each.primary, each.backup) if key is not None}


async def undo(unit: Unit, world: World, by: Actor, change: RosterChange, *, right: str) -> None:
    """From now on it is as if this change had never been."""
    if change.start_at < unit.now:
        change.end_at = unit.now
    else:
        change.undone_at = unit.now
    await note(unit, by, "change", "roster", right=right, on_behalf=change.leaves)
    await _follow(unit, world, change.partner, change.leaves, change.enters)


async def go_away(
    unit: Unit, world: World, by: Actor, person: Person, until: int | None, *, right: str
) -> Absence:
    """From now on this person stands nowhere; nobody writes down why."""
    absence = Absence(
        region_id=unit.region_id,
        person=person.key,
        start_at=unit.now,
        end_at=until,
        made_by=by.key,
        made_at=unit.now,
    )
    unit.session.add(absence)
    await unit.session.flush()
    await note(unit, by, "change", "absence", right=right, on_behalf=person.key)
    await _follow(unit, world, person.partner, person.key)
    return absence


async def come_back(
    unit: Unit, world: World, by: Actor, person: Person, absence: Absence, *, right: str
) -> None:
    """They are there again."""
    absence.end_at = unit.now
    await note(unit, by, "change", "absence", right=right, on_behalf=person.key)
    await _follow(unit, world, person.partner, person.key)


async def whole_roster_changed(unit: Unit, world: World, partner: str) -> None:
    """A file or a calendar brought another roster: what runs goes by it."""
    await follow_roster(unit, world, partner, await _everybody(unit, partner))
    look_soon(unit)


async def _everybody(unit: Unit, partner: str) -> Sequence[str]:
    asked = select(Person.key).where(Person.region_id == unit.region_id, Person.partner == partner)
    return (await unit.session.exec(asked)).all()


def seat_of(row: RosterChange) -> Seat:
    """Where the change is."""
    return Seat(row.partner, row.function, row.place)


async def _follow(unit: Unit, world: World, partner: str, *people: str | None) -> None:
    await follow_roster(unit, world, partner, people)
    look_soon(unit)
