"""When the shift of whoever holds a case ends, and who comes after them."""

from dataclasses import dataclass

from commands.people import row_id
from commands.roster.candidates import candidates
from commands.roster.load import roster_of
from commands.rules.moments import HOUR
from commands.rules.roster.course import LOOK_AHEAD, Stretch, stretches
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Chain, Page, Person
from storage.timers import set_timer

CHIEF = "chef_van_dienst"  # of the police: takes over where a successor does not answer

LOOK = "handover_look"
SOON_MS = 2 * HOUR  # who takes over so long before their shift begins does it for that shift


@dataclass(frozen=True)
class Successor:
    """Somebody to hand over to, and as what: successor, chief, backup or contact_point."""

    person: Person
    step: str


def look_at_shift(unit: Unit, chain: Chain) -> None:
    """Whoever holds this chain now: when does their shift end? Found out after this transaction,
    for an answer does not wait for it."""
    subject = f"shift:{row_id(chain)}"
    set_timer(unit, LOOK, subject, unit.now, case_id=chain.case_id)


async def shift_end(unit: Unit, case: Case, chain: Chain, holder: Person) -> int | None:
    """When the shift of the holder ends (UTC epoch milliseconds): now, for who is away, and for
    who took it on duty and stands there no longer. Who takes over before the own shift begins has
    that shift. A primary who goes on as backup has handed over the shift.

    None: they have no shift (a contact point), or it does not end within eight days.
    """
    roster = await roster_of(unit, [chain.partner])
    if any(absence.covers(unit.now) for absence in roster.absences_of([holder.key])):
        return unit.now
    seat = roster.seat_at(chain.partner, chain.function, case.place or None)
    course = stretches(roster, seat, unit.now, unit.now + LOOK_AHEAD)
    role = await _role_of_holder(unit, chain)
    begins = next((n for n, each in enumerate(course) if _stands(holder, each, role)), None)
    if begins is None or course[begins].start - unit.now > SOON_MS:
        return None if role == "contact_point" else unit.now
    was_primary = False
    for stretch in course[begins:]:
        if not _stands(holder, stretch, "primary" if was_primary else role):
            return stretch.start
        was_primary = was_primary or stretch.primary == holder.key
    return None


def _stands(holder: Person, stretch: Stretch, role: str) -> bool:
    if role == "primary":
        return stretch.primary == holder.key
    return holder.key in (stretch.primary, stretch.backup)


async def is_away(unit: Unit, person: Person) -> bool:
    """True for somebody who is absent now."""
    roster = await roster_of(unit, [person.partner], span_ms=1)
    return any(absence.covers(unit.now) for absence in roster.absences_of([person.key]))


async def _role_of_holder(unit: Unit, chain: Chain) -> str:
    """As what they were called, or took over."""
    page = await unit.session.get(Page, chain.acked_page_id)
    return page.role if page is not None else "contact_point"


async def successors(
    unit: Unit, world: World, case: Case, chain: Chain, holder: Person, at: int
) -> list[Successor]:
    """Whom to ask, in order: who is on duty then, the police's chief of the shift, the backup,
    the contact points."""
    own = (chain.partner, chain.function)
    chief = (chain.partner, CHIEF)
    has_chief = world.region.partner(chain.partner).function(CHIEF) is not None
    asked = [own, chief] if has_chief and own != chief else [own]
    in_order, people = await candidates(unit, asked, at, case.place or None, world.fallback)
    steps = [(each.person, _STEPS[each.role]) for each in in_order[0]]
    if len(in_order) > 1:
        steps.insert(1, (in_order[1][0].person, "chief"))
    found: dict[str, Successor] = {}
    for key, step in steps:
        if key is not None and key != holder.key and key in people:
            found.setdefault(key, Successor(people[key][0], step))
    return list(found.values())


_STEPS = {"primary": "successor", "backup": "backup", "contact_point": "contact_point"}
