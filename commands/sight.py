"""A sign of the phone: a read receipt or any tap. It proves sight, never consent."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.after_change import after_change
from commands.people import Known, row_id
from commands.rows_of_chain import state_of
from commands.rules import paging
from commands.run_chain import ChainRun
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Chain, Page

_UNSEEN = (
    select(Page, Chain, Case)
    .join(Chain, col(Chain.id) == col(Page.chain_id))
    .join(Case, col(Case.id) == col(Page.case_id))
    .where(
        Page.person_id == bindparam("person"),
        Case.state == "open",
        col(Page.state).in_(("called", "expired")),
        col(Page.seen_at).is_(None),
        col(Page.called_at) <= bindparam("at"),
    )
)


async def has_seen(unit: Unit, world: World, who: Known, at: int) -> None:
    """Pages that were called before `at` (UTC epoch milliseconds) count as seen."""
    found = await unit.session.exec(_UNSEEN, params={"person": who.id, "at": at})
    for page, chain, case in found.all():
        state = await state_of(unit, case, chain)
        decided = paging.seen(state, row_id(page), unit.now)
        if not decided:
            page.seen_at = unit.now  # its turn was over; still good to know
            continue
        await ChainRun(unit, world, case, chain).apply(decided)
        await after_change(unit, world, case)
