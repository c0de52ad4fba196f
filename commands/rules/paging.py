"""The paging rule: call one after the other until a human says "ik pak op".

Per partner, and never across partners: the person on duty, the backup, the contact point, and then
the initiator phones the desk. Every event gives the effects to carry out, in order; no effects
means that nothing changes and the answer is the present state (a stale tap, an old timer).

At any time an open chain has an ack, exactly one live timer, or the final notice to the initiator.
"""

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
    Reason,
    Remind,
    RepeatNotice,
    Role,
    SayNobodyOnDuty,
    SetTimer,
    TimerKind,
    Timing,
)

Effects = tuple[Effect, ...]
NOTHING: Effects = ()


def start(chain: ChainState, timing: Timing, now: int, initiator: str | None = None) -> Effects:
    """The alarm was confirmed. Who raises it while on duty has already taken it."""
    if chain.pages or chain.settled:
        return NOTHING
    empty, candidate = _look_down(chain)
    if candidate is not None and candidate.person == initiator:
        return (*empty, AlreadyTaken(candidate, now))
    going = _go_on(chain, timing, now, "empty_slot" if empty else "first")
    return tuple(effect for effect in going if effect != CancelTimers())  # it has none yet


def called(chain: ChainState, page: int, now: int) -> Effects:
    """The person's server accepted the page."""
    known = chain.find(page)
    if known is None or known.state != "queued":
        return NOTHING
    return (MarkPage(page, "called", now),)


def seen(chain: ChainState, page: int, now: int) -> Effects:
    """A sign of the phone: a read receipt or any tap. It is no ack."""
    known = chain.find(page)
    if known is None or known.state not in ("queued", "called"):
        return NOTHING
    return (MarkPage(page, "seen", now),)


def timer_fired(
    chain: ChainState, timing: Timing, kind: TimerKind, page: int | None, now: int
) -> Effects:
    """A timer came due, perhaps late: after a stop it counts as of now."""
    if kind == "notice":
        return _repeat_notice(chain, timing, now)
    turn = chain.waiting_for
    if chain.settled or turn is None or turn.page != page:
        return NOTHING
    has_time = now < turn.due_at
    if has_time and kind == "remind":
        return _remind(turn)
    if has_time and kind == "silent" and turn.state == "seen":
        remind_at = turn.called_at + timing.remind_ms
        return _timer("remind", remind_at) if now < remind_at else _remind(turn)
    return _pass_on(chain, timing, turn, now)


def unreachable(chain: ChainState, timing: Timing, page: int, now: int) -> Effects:
    """The messenger refused the page for good: on to the next, without waiting for a clock."""
    turn = chain.waiting_for
    if chain.settled or turn is None or turn.page != page:
        return NOTHING
    return _pass_on(chain, timing, turn, now)


def acked(chain: ChainState, page: int, now: int) -> Effects:
    """Anybody who was called says "ik pak op", and nobody else has it yet.

    Also when the turn is over, after "kan niet", and after the end of the chain.
    """
    if chain.find(page) is None or chain.acked_by is not None or chain.closed:
        return NOTHING
    return (CancelTimers(), MarkPage(page, "acked", now), *_close_others(chain, page))


def declined(chain: ChainState, timing: Timing, page: int, now: int) -> Effects:
    """Somebody says "kan niet": the next one is called at once. Who had it undoes the ack."""
    if chain.acked_by is not None or chain.closed:
        return undone(chain, timing, page, now)
    known = chain.find(page)
    if known is None or known.state == "declined":
        return NOTHING
    mark = MarkPage(page, "declined", now)
    turn = chain.waiting_for
    if turn is None or turn.page != page:
        return (mark,)
    return (mark, *_go_on(chain, timing, now, "declined"))


def undone(chain: ChainState, timing: Timing, page: int, now: int) -> Effects:
    """The ack is taken back ("toch niet"): the chain goes on with who was not called yet.

    Those who heard that they need not do anything hear that it is open again.
    """
    if chain.acked_by != page or chain.closed:
        return NOTHING
    further = _go_on(chain, timing, now, "undone")
    others = [p for p in chain.pages if p.state == "expired"]
    reopened = [ExpirePage(p.page, _next_role(further)) for p in others]
    return (MarkPage(page, "declined", now), *reopened, *further)


def roster_changed(chain: ChainState, timing: Timing, now: int) -> Effects:
    """Others are on duty than when the chain began; its candidates are the present ones already.

    Whose turn it is and who no longer has this duty is passed over. A new primary is called at
    once, also after the end of the chain, unless the desk was informed by telephone.
    """
    if chain.acked_by is not None or chain.closed or chain.phoned:
        return NOTHING
    turn = chain.waiting_for
    on_duty = [each for each in chain.candidates if each.role != "contact_point"]
    known = {page.person for page in chain.pages}
    newcomer = any(
        each.role == "primary" and each.person is not None and each.person not in known
        for each in on_duty
    )
    if turn is None:
        return _go_on(chain, timing, now, "roster") if newcomer else NOTHING
    stays = turn.role == "contact_point" or turn.person in {each.person for each in on_duty}
    if stays and not newcomer:
        return NOTHING
    further = _go_on(chain, timing, now, "roster")
    return (ExpirePage(turn.page, _next_role(further)), *further)


def phoned(chain: ChainState) -> Effects:
    """The initiator phoned the desk ("gebeld"): no more notices; an ack is still welcome."""
    if not chain.ended or chain.phoned or chain.closed:
        return NOTHING
    return (CancelTimers(), InformedByPhone())


def case_over(chain: ChainState) -> Effects:
    """The case was closed or withdrawn: this chain stops."""
    if chain.closed:
        return NOTHING
    open_pages = [p for p in chain.pages if p.state not in ("acked", "declined")]
    closed = [ClosePage(p.page, "case_over") for p in open_pages]
    return (CancelTimers(), *closed, CloseChain())


def _pass_on(chain: ChainState, timing: Timing, turn: PageState, now: int) -> Effects:
    """The turn of this person is over: on to the next."""
    reason: Reason = "unacked" if turn.state == "seen" else "silent"
    further = _go_on(chain, timing, now, reason)
    return (ExpirePage(turn.page, _next_role(further)), *further)


def _go_on(chain: ChainState, timing: Timing, now: int, reason: Reason) -> Effects:
    """The next person is called; when there is none, the chain ends."""
    empty, candidate = _look_down(chain)
    if candidate is None:
        return (*empty, *_end(timing, now))
    return (*empty, *_call(candidate, timing, now, reason))


def _look_down(chain: ChainState) -> tuple[Effects, Candidate | None]:
    """Down the candidates: an empty slot is said and skipped, who was called before in another
    role is skipped, and the first other person is the next."""
    called_before = {page.person for page in chain.pages}
    empty: list[Effect] = []
    for candidate in chain.candidates:
        if candidate.person is None:
            empty.append(SayNobodyOnDuty(candidate.role))
        elif candidate.person not in called_before:
            return tuple(empty), candidate
    return tuple(empty), None


def _call(candidate: Candidate, timing: Timing, now: int, reason: Reason) -> Effects:
    if reason == "first" or (reason == "roster" and candidate.role == "primary"):
        due_at = now + timing.take_ms
        return (CallPerson(candidate, due_at, reason), *_timer("silent", now + timing.silent_ms))
    due_at = now + timing.next_step_ms
    return (CallPerson(candidate, due_at, reason), *_timer("take", due_at))


def _end(timing: Timing, now: int) -> Effects:
    if timing.repeat_notices == 0:
        return (CancelTimers(), EndChain())
    return (EndChain(), *_timer("notice", now + timing.repeat_notice_ms))


def _repeat_notice(chain: ChainState, timing: Timing, now: int) -> Effects:
    if not chain.ended or chain.phoned or chain.closed or chain.notices >= timing.repeat_notices:
        return NOTHING
    if chain.notices + 1 == timing.repeat_notices:
        return (CancelTimers(), RepeatNotice())
    return (RepeatNotice(), *_timer("notice", now + timing.repeat_notice_ms))


def _remind(turn: PageState) -> Effects:
    return (Remind(turn.page, turn.due_at), *_timer("take", turn.due_at))


def _timer(kind: TimerKind, at: int) -> Effects:
    """A chain has one timer: a new one replaces what was there."""
    return (CancelTimers(), SetTimer(kind, at))


def _close_others(chain: ChainState, page: int) -> Effects:
    others = [p for p in chain.pages if p.page != page and p.state != "declined"]
    return tuple(ClosePage(p.page, "taken") for p in others)


def _next_role(effects: Effects) -> Role | None:
    calls = (effect.candidate.role for effect in effects if isinstance(effect, CallPerson))
    return next(calls, None)
