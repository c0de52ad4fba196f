"""A shift begins: pages that run go by it, and those who stand there now are looked up without a
sound, before a page has to find out who is gone."""

from commands.roster.load import roster_of
from commands.roster.running_pages import follow_roster
from commands.roster.seats import paged_seats
from commands.rules.moments import DAY, MINUTE
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import Roster
from commands.staff.silent_check import silent_check
from commands.world import World
from storage.store import Unit
from storage.timers import is_live, set_timer

BEGINS, SUBJECT = "shift_begins", "roster:0"
AHEAD_MS = DAY  # at least so often somebody looks


async def keep_checking(unit: Unit) -> None:
    """At the start and every day: there is always a next look."""
    if not await is_live(unit, SUBJECT, BEGINS):
        set_timer(unit, BEGINS, SUBJECT, unit.now + MINUTE)


async def check_those_on_duty(unit: Unit, world: World) -> None:
    """Whoever stands somewhere now is looked up; whoever is not there is told to the contact
    point by the watch over gaps. Then the clock is set for the next change."""
    roster = await roster_of(unit, span_ms=AHEAD_MS)
    standing, next_change = _now(roster, world, unit.now)
    await silent_check(unit, sorted(standing))
    for partner in world.region.partners:  # whoever is called now goes by the new shift
        await follow_roster(unit, world, partner.key, ())
    set_timer(unit, BEGINS, SUBJECT, next_change)


def _now(roster: Roster, world: World, now: int) -> tuple[set[str], int]:
    standing: set[str] = set()
    next_change = now + AHEAD_MS
    for seat in paged_seats(roster, world):
        first = stretches(roster, seat, now, now + AHEAD_MS)[0]
        standing |= {key for key in (first.primary, first.backup) if key is not None}
        next_change = min(next_change, first.end)
    return standing, next_change
