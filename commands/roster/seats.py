"""The seats that alarms page, what people call them, and the roster of who can be called."""

from collections.abc import Collection

from sqlalchemy import bindparam, or_
from sqlmodel import col, select

from commands.messages import Named, Partners
from commands.roster.load import roster_of
from commands.rules.roster.course import LOOK_AHEAD
from commands.rules.roster.rule import Roster, Seat
from commands.world import World
from storage.store import Unit
from storage.tables import Identity, Person

_CALLABLE = (
    select(Person.key)
    .outerjoin(Identity)
    .where(
        Person.region_id == bindparam("region"),
        col(Person.active).is_(True),
        or_(
            col(Identity.id).is_not(None),
            col(Person.key).in_(bindparam("also", expanding=True)),
        ),
    )
)


async def callable_keys(unit: Unit, world: World) -> set[str]:
    """Who can be called at all: active, and with a messenger or a fallback."""
    asked = {"region": unit.region_id, "also": list(world.fallback)}
    return set(await unit.session.exec(_CALLABLE, params=asked))


async def callable_roster(
    unit: Unit,
    world: World,
    span_ms: int = LOOK_AHEAD,
    *,
    partners: Collection[str] | None = None,
    since: int | None = None,
) -> Roster:
    """The roster as it would be called: who cannot be called stands nowhere. Partners and time as
    for `roster_of`."""
    roster = await roster_of(unit, partners, since=since, span_ms=span_ms)
    return roster.reaching(await callable_keys(unit, world))


def paged_functions(world: World) -> tuple[tuple[str, str], ...]:
    """Every (partner, function) that some kind of alarm pages, in the region's order."""
    paged = {
        (called.partner, called.function)
        for protocol in world.protocols.values()
        for called in protocol.pages
    }
    return tuple(
        (partner.key, function.key)
        for partner in world.region.partners
        for function in partner.functions
        if (partner.key, function.key) in paged
    )


def duty_name(world: World, partner: str, function: str) -> Partners | Named:
    """The partner; with its function where the partner has several that are paged."""
    if sum(key == partner for key, _ in paged_functions(world)) == 1:
        return Partners((partner,))
    meant = world.region.partner(partner)
    words = meant.function(function)
    if words is None:
        raise LookupError(f"{partner} has no function {function}")
    return Named(f"{meant.label.nl} {words.nl}", f"{meant.label.en} {words.en}")


def paged_seats(roster: Roster, world: World) -> tuple[Seat, ...]:
    """Every seat that some kind of alarm pages, in the region's order."""
    return tuple(
        seat
        for partner, function in paged_functions(world)
        for seat in _everywhere(roster, world, partner, function)
    )


def _everywhere(roster: Roster, world: World, partner: str, function: str) -> tuple[Seat, ...]:
    """Where one district has somebody of its own each needs somebody: one that the roster forgot
    is a gap."""
    seats = roster.seats_of(partner, function)
    if seats[0].place is None:
        return seats
    return tuple(Seat(partner, function, place.name) for place in world.region.places)


def seats_to_show(roster: Roster, world: World, partner: str) -> tuple[Seat, ...]:
    """The seats of one partner: those with a roster, and those that an alarm pages."""
    paged = paged_functions(world)
    return tuple(
        seat
        for function in world.region.partner(partner).functions
        for seat in _everywhere(roster, world, partner, function.key)
        if seat.place is not None
        or roster.rules_for(seat)
        or roster.changes_for(seat)
        or (partner, function.key) in paged
    )


def seat_name(world: World, seat: Seat) -> Partners | Named:
    """As `duty_name`; with the district where there is one person for each."""
    name = duty_name(world, seat.partner, seat.function)
    if seat.place is None:
        return name
    if isinstance(name, Partners):
        label = world.region.partner(seat.partner).label
        name = Named(label.nl, label.en)
    return Named(f"{name.nl} {seat.place}", f"{name.en} {seat.place}")
