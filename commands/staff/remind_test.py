"""A week before a test expires: once to the person, and if a roster needs them, to their contact
point."""

from commands.messages import Action, Day, Word, message
from commands.people import by_id, row_id, with_role
from commands.rules.moments import DAY
from commands.staff.held_cases import coming_shifts
from commands.staff.once import once
from commands.staff.reachable import Reach, reachable_people
from commands.tell import How, tell_person
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Person

AHEAD_MS = 7 * DAY
PLANNED_WITHIN_MS = 14 * DAY
PAGED = ("duty", "contact_point")
_HOW = How(lane=outbox.REST)


async def remind_of_tests(unit: Unit, world: World) -> None:
    """Everybody who can be paged and whose test holds no week any more."""
    for reach in (await reachable_people(unit, world)).values():
        if reach.why != "tested" or reach.until is None or reach.until - unit.now > AHEAD_MS:
            continue
        person = await by_id(unit, reach.person_id)
        paged = any(person.has_role(role) for role in PAGED)
        if paged and await once(unit, f"test_due:{reach.person_id}", str(reach.until)):
            await _remind(unit, person, reach)


async def _remind(unit: Unit, person: Person, reach: Reach) -> None:
    date = Day(reach.until or 0)
    again = (Action("test_again", Word("button.test_again"), str(row_id(person))),)
    text = message("staff.test_due", date=date)
    await tell_person(unit, row_id(person), text, actions=again, slot="test_due", how=_HOW)
    if not await coming_shifts(unit, person, PLANNED_WITHIN_MS):
        return
    for point in await with_role(unit, "contact_point", person.partner):
        if row_id(point) != row_id(person):
            told = message("staff.test_due_of", function=person.label, date=date)
            await tell_person(unit, row_id(point), told, how=_HOW)
