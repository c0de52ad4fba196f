"""Can everybody who must come be called? The lines of `main.py check` about roster and people."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.channels.base import Readiness
from commands.messages import At, Listed, Message, Param, Partners, Word, message
from commands.roster.seats import callable_roster, paged_seats, seat_name
from commands.rules.moments import DAY
from commands.rules.roster.gaps import gaps
from commands.staff.contact_points import ENOUGH
from commands.staff.reachable import reachable_people
from commands.world import World
from storage.store import Unit
from storage.tables import Identity, Person

ROSTER, PEOPLE = "check.roster", "check.people"
CONTACTS = "check.contact_points"
FALLBACK, ROOMS = "check.fallback", "check.rooms"
GAP_DAYS = 14
MOST_NAMED = 6  # the rest is counted: one line stays one line
PAGED = ("duty", "contact_point")
_NOT_IN = ("no_chat", "left_chat")


async def roster(unit: Unit, world: World) -> Readiness:
    """When nobody is on duty in the days that come. No mistake: then the chain goes on at once."""
    span = GAP_DAYS * DAY
    planned = await callable_roster(unit, world, span)
    found = gaps(planned, paged_seats(planned, world), unit.now, unit.now + span)
    if not found:
        return Readiness(ROSTER, True, message("check.roster.ready", days=GAP_DAYS))
    first = found[0]
    detail = message(
        "check.roster.gaps",
        count=len(found),
        days=GAP_DAYS,
        partners=Partners(tuple(dict.fromkeys(gap.seat.partner for gap in found))),
        partner=seat_name(world, first.seat),
        since=At(first.start),
        until=At(first.end),
    )
    return Readiness(ROSTER, True, detail, warns=True)


async def people(unit: Unit, world: World) -> Readiness:
    """Who is not in their direct chat yet, and who cannot be called as things stand."""
    found = await unit.session.exec(
        select(Person)
        .where(Person.region_id == unit.region_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    everybody = found.all()
    reach = await reachable_people(unit, world)
    not_in = [each.label for each in everybody if reach[each.key].why in _NOT_IN]
    not_proven = [
        each.label
        for each in everybody
        if not reach[each.key].works
        and reach[each.key].why not in _NOT_IN
        and any(each.has_role(role) for role in PAGED)
    ]
    count = len(everybody)
    if not not_in and not not_proven:
        return Readiness(PEOPLE, True, message("check.people.ready", count=count))
    missing = message("check.people.not_in", n=len(not_in), count=count, who=_named(not_in))
    silent = message("check.people.not_proven", n=len(not_proven), who=_named(not_proven))
    lines = [line for line, who in ((missing, not_in), (silent, not_proven)) if who]
    return Readiness(PEOPLE, True, Message(lines[0].key, lines[0].params, tuple(lines[1:])), True)


async def contact_points(unit: Unit) -> Readiness:
    """Which partners hang on one person: who is ill or leaves has nobody beside them."""
    found = await unit.session.exec(
        select(Person)
        .where(Person.region_id == unit.region_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    points: dict[str, int] = {}
    for person in found:
        if person.partner:
            more = 1 if person.has_role("contact_point") else 0
            points[person.partner] = points.get(person.partner, 0) + more
    few = tuple(partner for partner, count in points.items() if count < ENOUGH)
    if not few:
        return Readiness(CONTACTS, True, message("check.contact_points.ready"))
    mend = message("check.contact_points.mend")
    detail = message("check.contact_points.few", mend, partners=Partners(few))
    return Readiness(CONTACTS, True, detail, warns=True)


async def fallback(unit: Unit, world: World) -> Sequence[Readiness]:
    """How many of those who can be paged have a third way, if the region has one; and whom
    neither a messenger nor that reaches."""
    if not world.fallback:
        return ()
    found = await unit.session.exec(
        select(Person, Identity.joined_at)
        .outerjoin(Identity)
        .where(Person.region_id == unit.region_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    paged: dict[str, str] = {}
    joined: set[str] = set()
    for person, joined_at in found:
        if any(person.has_role(role) for role in PAGED):
            paged[person.key] = person.label
            joined |= {person.key} if joined_at else set()
    having = [key for key in paged if world.fallback.get(key)]
    detail = message("check.fallback.ready", count=len(having), total=len(paged))
    neither = [label for key, label in paged.items() if key not in joined and key not in having]
    if not neither:
        return (Readiness(FALLBACK, True, detail),)
    line = message("check.fallback.neither", who=_named(neither))
    return (Readiness(FALLBACK, True, Message(detail.key, detail.params, (line,)), True),)


async def rooms(unit: Unit, world: World) -> Sequence[Readiness]:
    """Who can be paged and takes part, but not where the case rooms are: they are told whom to
    call for what they cannot read (docs/decisions/0025)."""
    if world.region.telegram is None:
        return ()
    channel = world.region.rooms_on
    found = await unit.session.exec(
        select(Person, Identity.channel)
        .outerjoin(Identity)  # who comes in by a link later has none yet
        .where(Person.region_id == unit.region_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    paged = [(person, on) for person, on in found if any(map(person.has_role, PAGED))]
    inside = {person.key for person, on in paged if on == channel}
    outside = {person.key: person.label for person, _ in paged if person.key not in inside}
    if not outside:
        return (Readiness(ROOMS, True, message("check.rooms.ready")),)
    who = _named(list(outside.values()))
    app = Word(f"app.{channel}")
    detail = message("check.rooms.outside", n=len(outside), app=app, who=who)
    return (Readiness(ROOMS, True, detail, warns=True),)


async def on_telegram(unit: Unit) -> dict[str, str]:
    """Labels of the active people who take part there, by account."""
    found = await unit.session.exec(
        select(Identity.address, Person.label)
        .join(Person)
        .where(
            Identity.channel == "telegram",
            Person.region_id == unit.region_id,
            col(Person.active).is_(True),
        )
        .order_by(col(Person.id))
    )
    return dict(found.all())


def _named(labels: Sequence[str]) -> Param:
    named: list[Param] = list(labels[:MOST_NAMED])
    rest = len(labels) - MOST_NAMED
    return Listed((*named, f"+{rest}") if rest > 0 else tuple(named))
