"""Can everybody who must come be called? The lines of `main.py check` about roster and people."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.channels.base import Readiness
from commands.messages import At, Listed, Message, Param, Partners, message
from commands.onboard import TEST_HOLDS_MS
from commands.rules.moments import DAY
from commands.rules.roster import gaps
from commands.show_duty import duty_name, paged_functions, reachable_rules
from commands.world import World
from storage.store import Unit
from storage.tables import Identity, Person

ROSTER, PEOPLE = "check.roster", "check.people"
GAP_DAYS = 14
MOST_NAMED = 6  # the rest is counted: one line stays one line
PAGED = ("duty", "contact_point")


async def roster(unit: Unit, world: World) -> Readiness:
    """When nobody is on duty in the days that come. No mistake: then the chain goes on at once."""
    rules = await reachable_rules(unit)
    until = unit.now + GAP_DAYS * DAY
    found = [
        gap
        for partner, function in paged_functions(world)
        for gap in gaps(rules, partner, [function], unit.now, until)
    ]
    if not found:
        return Readiness(ROSTER, True, message("check.roster.ready", days=GAP_DAYS))
    first = min(found, key=lambda gap: gap.start)
    detail = message(
        "check.roster.gaps",
        count=len(found),
        days=GAP_DAYS,
        partners=Partners(tuple(dict.fromkeys(gap.partner for gap in found))),
        partner=duty_name(world, first.partner, first.function),
        since=At(first.start),
        until=At(first.end),
    )
    return Readiness(ROSTER, True, detail, warns=True)


async def people(unit: Unit) -> Readiness:
    """Who is not in their direct chat yet, and who never proved that a page rings."""
    found = await unit.session.exec(
        select(Person, Identity)
        .outerjoin(Identity, col(Identity.person_id) == col(Person.id))
        .where(Person.region_id == unit.region_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    identities: dict[str, list[Identity]] = {}
    who: dict[str, Person] = {}
    for person, identity in found:
        who[person.key] = person
        identities.setdefault(person.key, []).extend([identity] if identity else [])
    not_in = [key for key, own in identities.items() if not any(it.joined_at for it in own)]
    oldest = unit.now - TEST_HOLDS_MS
    not_proven = [
        key
        for key, own in identities.items()
        if key not in not_in
        and any(who[key].has_role(role) for role in PAGED)
        and not any((it.proven_at or 0) > oldest for it in own)
    ]
    if not not_in and not not_proven:
        return Readiness(PEOPLE, True, message("check.people.ready", count=len(who)))
    missing = message(
        "check.people.not_in",
        n=len(not_in),
        count=len(who),
        who=_named([who[key].label for key in not_in]),
    )
    silent = message(
        "check.people.not_proven",
        n=len(not_proven),
        who=_named([who[key].label for key in not_proven]),
    )
    lines = [line for line, keys in ((missing, not_in), (silent, not_proven)) if keys]
    return Readiness(PEOPLE, True, Message(lines[0].key, lines[0].params, tuple(lines[1:])), True)


def _named(labels: Sequence[str]) -> Param:
    named: list[Param] = list(labels[:MOST_NAMED])
    rest = len(labels) - MOST_NAMED
    return Listed((*named, f"+{rest}") if rest > 0 else tuple(named))
