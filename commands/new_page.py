"""The row of a page that a decision makes. It is stored before anything is said about it."""

from dataclasses import dataclass

from commands.people import People, by_key, identity_of, row_id
from commands.rows_of_chain import candidates_from, candidates_to
from commands.rules import chain as effects
from commands.rules import paging
from storage.store import Unit
from storage.tables import Case, Chain, Identity, Page, Person


@dataclass(frozen=True)
class NewPage:
    """Somebody is called now; `identity` is None if no messenger reaches them any more."""

    page: Page
    identity: Identity | None


async def add_page(
    unit: Unit, case: Case, chain: Chain, decided: paging.Effects, people: People | None = None
) -> NewPage | None:
    """Add the row, if these effects make one; it has its id once the session is flushed.

    `people`: whoever can be called, where they were read already.
    """
    for effect in decided:
        match effect:
            case effects.CallPerson(candidate, due_at):
                return await _add(unit, case, chain, candidate, "queued", due_at, people)
            case effects.AlreadyTaken(candidate):
                return await _add(unit, case, chain, candidate, "acked", unit.now, people)
    return None


async def _add(
    unit: Unit,
    case: Case,
    chain: Chain,
    candidate: effects.Candidate,
    state: effects.Status,
    due_at: int,
    people: People | None,
) -> NewPage:
    person, identity = await _callee(unit, candidate.person or "", people)
    page = Page(
        case_id=row_id(case),
        chain_id=row_id(chain),
        person_id=row_id(person),
        role=candidate.role,
        state=state,
        due_at=due_at,
        queued_at=unit.now,
    )
    unit.session.add(page)
    left = candidates_from(chain.candidates)
    chain.candidates = candidates_to(left[left.index(candidate) + 1 :])
    return NewPage(page, identity)


async def _callee(unit: Unit, key: str, people: People | None) -> tuple[Person, Identity | None]:
    if people is not None:
        return people[key]
    person = await by_key(unit, key)
    if person is None:
        raise LookupError("a candidate of a running chain is gone")
    return person, await identity_of(unit, row_id(person))
