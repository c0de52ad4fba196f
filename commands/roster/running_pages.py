"""The roster is another one than when an alarm was raised: what that does to what runs."""

from collections.abc import Collection

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.after_change import after_change
from commands.roster.candidates import candidates
from commands.roster.shift_end import look_at_shift
from commands.rows_of_chain import candidates_to, state_to_go_on, timing_of
from commands.rules import paging
from commands.run_chain import ChainRun
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Chain, Page, Person

_UNTAKEN = (
    select(Case, Chain)
    .join(Chain)
    .where(
        Case.region_id == bindparam("region"),
        Case.state == "open",
        Chain.partner == bindparam("partner"),
        col(Chain.acked_page_id).is_(None),
    )
    .order_by(col(Chain.id))
)
_HELD = (
    select(Chain)
    .join(Case)
    .join(Page, col(Page.id) == col(Chain.acked_page_id))
    .join(Person, col(Person.id) == col(Page.person_id))
    .where(
        Case.region_id == bindparam("region"),
        Case.state == "open",
        col(Person.key).in_(bindparam("people", expanding=True)),
    )
    .order_by(col(Chain.id))
)


async def follow_roster(
    unit: Unit, world: World, partner: str, people: Collection[str | None]
) -> None:
    """Whoever is called goes by the roster as it is now; whoever of these people (by key) holds a
    case has another end of the shift, perhaps."""
    await unit.session.flush()
    asked = {"region": unit.region_id, "partner": partner}
    for case, chain in (await unit.session.exec(_UNTAKEN, params=asked)).all():
        await _call_by_roster(unit, world, case, chain)
    held = {"region": unit.region_id, "people": [key for key in people if key is not None]}
    for chain in (await unit.session.exec(_HELD, params=held)).all():
        look_at_shift(unit, chain)


async def call_those_on_duty(unit: Unit, world: World, case: Case, chain: Chain) -> None:
    """Who can still be called in this chain are those who are on duty now, not when the alarm
    came. Empty slots were told then; they are not counted again."""
    function = (chain.partner, chain.function)
    in_order, _ = await candidates(unit, [function], unit.now, case.place or None, world.fallback)
    present = [each for each in in_order[0] if each.person is not None]
    chain.candidates = candidates_to(present)


async def _call_by_roster(unit: Unit, world: World, case: Case, chain: Chain) -> None:
    await call_those_on_duty(unit, world, case, chain)
    state = await state_to_go_on(unit, case, chain)
    decided = paging.roster_changed(state, timing_of(case), unit.now)
    if decided:
        await ChainRun(unit, world, case, chain).apply(decided)
        await after_change(unit, world, case)
