"""The roster with only those who can be reached: a shift of somebody else is a gap.

Reachable is who has joined the direct chat on a messenger and has tapped a test page there in the
last thirty days, or whom the fallback reaches.
"""

from sqlalchemy import BigInteger, and_, bindparam, or_
from sqlmodel import col, select

from commands.onboard import TEST_HOLDS_MS
from commands.roster.load import roster_of
from commands.rules.roster.rule import Roster
from commands.world import World
from storage.store import Unit
from storage.tables import Identity, Person

_REACHABLE = (
    select(Person.key)
    .outerjoin(Identity)
    .where(
        Person.region_id == bindparam("region"),
        col(Person.active).is_(True),
        or_(
            and_(
                col(Identity.joined_at).is_not(None),
                col(Identity.proven_at) > bindparam("since", type_=BigInteger),
            ),
            col(Person.key).in_(bindparam("also", expanding=True)),
        ),
    )
)


async def reachable_keys(unit: Unit, world: World) -> set[str]:
    """Who can be reached now, by key."""
    asked = {
        "region": unit.region_id,
        "since": unit.now - TEST_HOLDS_MS,
        "also": list(world.fallback),
    }
    return set(await unit.session.exec(_REACHABLE, params=asked))


async def reaching_roster(unit: Unit, world: World, span_ms: int) -> Roster:
    """The roster from now on, where only they stand."""
    roster = await roster_of(unit, span_ms=span_ms)
    return roster.reaching(await reachable_keys(unit, world))
