"""What follows from every change of a chain, wherever the change came from."""

from commands.headline import refresh
from commands.people import row_id
from commands.plan_consultation import begin_when_settled
from commands.rows_of_chain import state_to_go_on, timing_of
from commands.rules import paging
from commands.run_chain import ChainRun, load_page
from commands.withdraw_case import on_new_ack
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Chain


async def after_change(unit: Unit, world: World, case: Case) -> None:
    """A withdrawal that waits asks the newcomer too, the overleg begins when all is settled,
    and the headline tells how it stands."""
    await on_new_ack(unit, world, case)
    await begin_when_settled(unit, world, case)
    await refresh(unit, world, case)


async def go_on_without(unit: Unit, world: World, page_id: int) -> None:
    """This page reaches nobody: on to the next, without waiting for a clock."""
    found = await load_page(unit, page_id)
    if found is None:
        return
    page, chain, case = found
    state = await state_to_go_on(unit, case, chain)
    decided = paging.unreachable(state, timing_of(case), row_id(page), unit.now)
    await ChainRun(unit, world, case, chain).apply(decided)
    await after_change(unit, world, case)


async def timer_fired(unit: Unit, world: World, chain_id: int, kind: str, argument: str) -> None:
    """A clock of a chain came due."""
    chain = await unit.session.get(Chain, chain_id)
    case = await unit.session.get(Case, chain.case_id) if chain else None
    if chain is None or case is None or case.state != "open":
        return
    state = await state_to_go_on(unit, case, chain)
    page = int(argument) if argument else None
    decided = paging.timer_fired(state, timing_of(case), kind, page, unit.now)  # type: ignore[arg-type]
    await ChainRun(unit, world, case, chain).apply(decided)
    await after_change(unit, world, case)
