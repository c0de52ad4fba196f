"""What the effects of the paging rule do to a chain: the commands do the same to rows."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from commands.rules.chain import (
    AlreadyTaken,
    CallPerson,
    CancelTimers,
    Candidate,
    ChainState,
    CloseChain,
    ClosePage,
    Effect,
    EndChain,
    ExpirePage,
    InformedByPhone,
    MarkPage,
    PageState,
    Remind,
    RepeatNotice,
    SayNobodyOnDuty,
    SetTimer,
    Status,
)


def after(chain: ChainState, effects: Iterable[Effect], now: int, page: int) -> ChainState:
    """The chain once these effects are done; `page` is the number of a page they may add."""
    for effect in effects:
        chain = _with(chain, effect, now, page)
    return chain


def _with(chain: ChainState, effect: Effect, now: int, page: int) -> ChainState:
    match effect:
        case CallPerson(candidate, due_at):
            going_on = replace(chain, ended=False)
            return _with_page(going_on, candidate, page, "queued", now, due_at)
        case AlreadyTaken(candidate, at):
            taken = _with_page(chain, candidate, page, "acked", at, at)
            return replace(taken, acked_by=page)
        case MarkPage(number, "acked"):
            return replace(_with_status(chain, number, "acked"), acked_by=number, ended=False)
        case MarkPage(number, state):
            acked_by = None if chain.acked_by == number else chain.acked_by
            return replace(_with_status(chain, number, state), acked_by=acked_by)
        case ExpirePage(number) | ClosePage(number):
            return _with_status(chain, number, "expired")
        case EndChain():
            return replace(chain, candidates=(), ended=True, notices=0, phoned=False)
        case RepeatNotice():
            return replace(chain, notices=chain.notices + 1)
        case InformedByPhone():
            return replace(chain, phoned=True)
        case CloseChain():
            return replace(chain, closed=True)
        case Remind() | SayNobodyOnDuty() | SetTimer() | CancelTimers():
            return chain
        case _:
            assert_never(effect)


def _with_page(
    chain: ChainState, candidate: Candidate, page: int, state: Status, now: int, due_at: int
) -> ChainState:
    if candidate.person is None:
        raise ValueError("nobody can be called in an empty slot")
    called = PageState(page, candidate.person, candidate.role, state, now, due_at)
    reached = chain.candidates.index(candidate) + 1
    return replace(chain, candidates=chain.candidates[reached:], pages=(*chain.pages, called))


def _with_status(chain: ChainState, page: int, state: Status) -> ChainState:
    pages = tuple(replace(p, state=state) if p.page == page else p for p in chain.pages)
    return replace(chain, pages=pages)
