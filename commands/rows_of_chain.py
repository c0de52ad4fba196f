"""A chain as the rules see it, read from its rows."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.people import callable_people, row_id
from commands.rules.chain import Candidate, ChainState, PageState, Timing
from commands.rules.moments import MINUTE
from commands.world import frozen_protocol
from storage.store import Unit
from storage.tables import Case, Chain, Page, Person

_CHAINS = select(Chain).where(Chain.case_id == bindparam("case")).order_by(col(Chain.position))
_PAGES = select(Page).where(Page.chain_id == bindparam("chain")).order_by(col(Page.id))
_ALL_PAGES = select(Page).where(Page.case_id == bindparam("case")).order_by(col(Page.id))
_CALLED = (
    select(Page, Person.key)
    .join(Person)
    .where(Page.chain_id == bindparam("chain"))
    .order_by(col(Page.id))
)


async def chains_of(unit: Unit, case: Case) -> Sequence[Chain]:
    """The chains of a case, in the order of the headline."""
    return (await unit.session.exec(_CHAINS, params={"case": row_id(case)})).all()


async def pages_of(unit: Unit, chain: Chain) -> Sequence[Page]:
    """Who was called in a chain, in order."""
    return (await unit.session.exec(_PAGES, params={"chain": row_id(chain)})).all()


async def pages_by_chain(unit: Unit, case: Case) -> dict[int, list[Page]]:
    """The same for all chains of a case at once, by the chain's row id."""
    pages: dict[int, list[Page]] = defaultdict(list)
    for page in await unit.session.exec(_ALL_PAGES, params={"case": row_id(case)}):
        pages[page.chain_id].append(page)
    return pages


async def state_of(unit: Unit, case: Case, chain: Chain) -> ChainState:
    """The chain as a value that the paging rule decides on."""
    found = await unit.session.exec(_CALLED, params={"chain": row_id(chain)})
    return chain_state(
        case,
        chain,
        tuple(
            PageState(row_id(page), key, page.role, page.state, page.queued_at, page.due_at)  # type: ignore[arg-type]
            for page, key in found
        ),
    )


async def state_to_go_on(unit: Unit, case: Case, chain: Chain) -> ChainState:
    """The same, before somebody else may be called: who left meanwhile counts as nobody."""
    state = await state_of(unit, case, chain)
    named = {each.person for each in state.candidates if each.person is not None}
    there = await callable_people(unit, named, ()) if named else {}
    return replace(
        state,
        candidates=tuple(
            each if each.person in there else replace(each, person=None)
            for each in state.candidates
        ),
    )


def chain_state(case: Case, chain: Chain, pages: tuple[PageState, ...]) -> ChainState:
    """The same where its pages are known; a new chain has none."""
    return ChainState(
        partner=chain.partner,
        candidates=candidates_from(chain.candidates),
        pages=pages,
        acked_by=chain.acked_page_id,
        ended=chain.ended_at is not None,
        notices=chain.notices,
        phoned=chain.phoned_at is not None,
        closed=case.state != "open",
    )


def candidates_from(text: str) -> tuple[Candidate, ...]:
    """From the column."""
    return tuple(Candidate(person, role) for person, role in json.loads(text))


def candidates_to(candidates: Sequence[Candidate]) -> str:
    """For the column."""
    return json.dumps([[candidate.person, candidate.role] for candidate in candidates])


def timing_of(case: Case) -> Timing:
    """The clocks of this case's chains, from its own copy of the protocol."""
    clocks = frozen_protocol(case).timing(bool(case.urgent))
    return Timing(
        take_ms=clocks.take * MINUTE,
        silent_ms=clocks.silent * MINUTE,
        remind_ms=clocks.remind * MINUTE,
        next_step_ms=clocks.next_step * MINUTE,
        repeat_notice_ms=clocks.repeat_notice * MINUTE,
        repeat_notices=clocks.repeat_notices,
    )
