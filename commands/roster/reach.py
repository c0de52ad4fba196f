"""The roster with only those who can be reached: a shift of somebody else is a gap."""

from commands.roster.load import roster_of
from commands.rules.roster.rule import Roster
from commands.staff.reachable import reachable_people
from commands.world import World
from storage.store import Unit


async def reaching_roster(
    unit: Unit, world: World, span_ms: int, *, since: int | None = None
) -> Roster:
    """The roster from `since` (UTC epoch milliseconds; none given: now) on, where only they
    stand."""
    reach = await reachable_people(unit, world)
    roster = await roster_of(unit, since=since, span_ms=span_ms)
    return roster.reaching(key for key, each in reach.items() if each.works)
