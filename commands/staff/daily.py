"""What is looked after once a day about people: do they still belong, can they still be called."""

from commands.messages import message
from commands.people import row_id, with_role
from commands.rules.moments import DAY, local
from commands.seldom import not_lately
from commands.staff.contact_points import ENOUGH
from commands.staff.once import once
from commands.staff.reconfirm import ask_to_confirm
from commands.staff.remind_test import remind_of_tests
from commands.tell import How, tell_person
from commands.world import World
from storage import outbox
from storage.store import Unit

HOURS = range(9, 11)  # silent as they are, these lines come when people are at work
ONE_CONTACT_AGAIN_MS = 30 * DAY


async def staff_job(unit: Unit, world: World) -> bool:
    """For the calendar, every morning. False outside those hours (the alarm clock may have rung
    late, or the clock of a story tells another time) or if this day was done before."""
    now = local(unit.now)
    if now.hour not in HOURS or not await once(
        unit, f"staff:{unit.region_id}", now.date().isoformat()
    ):
        return False
    await ask_to_confirm(unit, world)
    await remind_of_tests(unit, world)
    await _ask_for_second(unit, world)
    return True


async def _ask_for_second(unit: Unit, world: World) -> None:
    """A partner that hangs on one contact point; the contact point hears it once a month."""
    for partner in world.region.partners:
        points = await with_role(unit, "contact_point", partner.key)
        if not 0 < len(points) < ENOUGH:
            continue
        if await not_lately(unit, f"one_contact:{partner.key}", ONE_CONTACT_AGAIN_MS):
            text = message("staff.one_contact")
            await tell_person(unit, row_id(points[0]), text, how=How(lane=outbox.REST))
