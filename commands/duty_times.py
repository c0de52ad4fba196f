"""When somebody is on duty next."""

from commands.duty import rules_of
from commands.rules.roster import LOOK_AHEAD, stretches
from storage.store import Unit
from storage.tables import Person


async def next_duty(unit: Unit, person: Person) -> int | None:
    """When this person's duty begins (now, if it runs); None: not within eight days."""
    rules = await rules_of(unit)
    starts = [
        stretch.start
        for function in person.functions.split()
        for stretch in stretches(rules, person.partner, function, unit.now, unit.now + LOOK_AHEAD)
        if person.key in (stretch.primary, stretch.backup)
    ]
    return min(starts, default=None)
