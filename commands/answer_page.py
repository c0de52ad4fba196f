"""The answers to a page: I take it, I cannot; later: I join, the desk was phoned."""

from sqlmodel import col, select

from commands import measures
from commands.after_change import after_change
from commands.ask import Ask
from commands.declare import command
from commands.end_case import still_open
from commands.join_case import invite_again, let_in, let_out
from commands.messages import Action, At, Message, Partners, Word, message
from commands.outside_room import is_outside
from commands.people import row_id
from commands.roster.next_duty import next_duty
from commands.roster.running_pages import call_those_on_duty
from commands.rows_of_chain import chains_of, state_of, state_to_go_on, timing_of
from commands.rules import chain as effects
from commands.rules import paging
from commands.run_chain import ChainRun, load_page, show_page
from storage.tables import Case, Chain, Page

_STEPS = {"primary": "primary", "backup": "backup", "contact_point": "contact"}
REASONS = ("busy", "off_duty", "involved", "skip")


@command(
    "take", right="called", nl=("ik pak op", "pak op", "ja"), en=("take", "i take it"), about="page"
)
async def take(ask: Ask) -> None:
    """A human yes: this chain stops, and this person belongs in the case room."""
    found = await _page_meant(ask, declined_too=True)
    if found is None:
        return
    page, chain, case = found
    decided = paging.acked(await state_of(ask.unit, case, chain), row_id(page), ask.unit.now)
    if not decided:
        await _show_present_state(ask, page, chain, case)
        return
    run = ChainRun(ask.unit, ask.world, case, chain)
    await run.apply(decided)
    await ask.log("share", "case", right="called")
    await let_in(ask.unit, case, ask.who)
    await show_page(ask.unit, case, page, await _taken(ask, case, ask.unit.now))
    await after_change(ask.unit, ask.world, case)


async def _taken(ask: Ask, case: Case, at: int) -> Message:
    """Where to go now. Who cannot come into the room reads below whom to call."""
    key = "page.taken_outside" if await _is_outside(ask, case) else "page.taken_by_you"
    return message(key, ref=case.reference or "", time=At(at))


async def _is_outside(ask: Ask, case: Case) -> bool:
    return ask.channel != case.channel and await is_outside(ask.unit, case, ask.who.id)


@command(
    "decline",
    right="called",
    nl=("kan niet", "nee", "toch niet"),
    en=("decline", "can't", "cannot"),
    about="page",
)
async def decline(ask: Ask) -> None:
    """No: the next one is called at once. Said after a yes, it takes the yes back."""
    found = await _page_meant(ask)
    if found is None:
        return
    page, chain, case = found
    had_it = chain.acked_page_id == page.id
    if had_it:
        await call_those_on_duty(ask.unit, ask.world, case, chain)
    before = await state_to_go_on(ask.unit, case, chain)
    decided = paging.declined(before, timing_of(case), row_id(page), ask.unit.now)
    if not decided:
        await _show_present_state(ask, page, chain, case)
        return
    await ChainRun(ask.unit, ask.world, case, chain).apply(decided)
    await ask.log("change", "page", right="called")
    measures.record(ask.unit, case, "undone" if had_it else "declined", chain.partner)
    if had_it and not await _holds_another(ask, case):
        await let_out(ask.unit, case, ask.who)
    text, actions = _declined_text(ask, page, chain, case, decided, had_it=had_it)
    await show_page(ask.unit, case, page, text, actions)
    await after_change(ask.unit, ask.world, case)


async def _holds_another(ask: Ask, case: Case) -> bool:
    """Whether another chain of this case is taken by the same person."""
    acked = {chain.acked_page_id for chain in await chains_of(ask.unit, case)}
    return any(row_id(page) in acked for page in await open_pages(ask))


def _declined_text(
    ask: Ask, page: Page, chain: Chain, case: Case, decided: paging.Effects, *, had_it: bool
) -> tuple[Message, tuple[Action, ...]]:
    partner = Partners((chain.partner,))
    time = At(ask.unit.now)
    reference = case.reference or ""
    called = next((each for each in decided if isinstance(each, effects.CallPerson)), None)
    key = "page.undone" if had_it else "page.declined"
    if called is not None:
        step = Word(f"step.{_STEPS[called.candidate.role]}")
        text = message(key, next=step, time=time, ref=reference, partner=partner)
    elif any(isinstance(each, effects.EndChain) for each in decided):
        text = message(f"{key}_last", time=time, ref=reference, partner=partner)
    else:
        return message("page.declined_reason"), ()
    number = row_id(page)
    reasons = tuple(
        Action(
            "decline_reason",
            Word(f"button.{reason}"),
            f"{number}:{reason}",
            stop=reason == REASONS[-1],
        )
        for reason in REASONS
    )
    return text, (() if had_it else reasons)


@command("page_state", right="called", about="page", closed_too=True)
async def page_state(ask: Ask) -> None:
    """A tap on an old page: it becomes how it stands now, and takes nothing on."""
    found = await _page_meant(ask)
    if found is not None:
        await ask.log("read", "page", right="called")
        await _show_present_state(ask, *found)


@command("decline_reason", right="called", about="page")
async def decline_reason(ask: Ask) -> None:
    """Why somebody could not, as one of four; counted, not kept with the person."""
    _, _, reason = ask.argument.partition(":")
    if reason in REASONS[:-1]:
        measures.record(ask.unit, ask.about, f"declined_{reason}", ask.who.person.partner)
    await ask.log("change", "page", right="called")  # that one was given, never which
    await ask.settle(message("page.declined_reason"))


@command("join", right="called", nl=("ik doe mee",), en=("join",), about="page")
async def join(ask: Ask) -> None:
    """Somebody who was called too comes along; the chain belongs to who took it.

    As long as nobody did, coming along is taking it; who said no takes that back by taking it.
    """
    if ask.case is None:
        await _page_meant(ask)  # says that there is none
        return
    if not await still_open(ask):
        return
    if not await _may_come_along(ask):
        await take(ask)
        return
    await let_in(ask.unit, ask.about, ask.who)
    await ask.log("share", "case", right="called")
    outside = await _is_outside(ask, ask.about)
    key = "page.joined_outside" if outside else "page.joined"
    await ask.settle(message(key, ref=ask.about.reference or "", time=At(ask.unit.now)))
    if outside:  # the others are asked and told once they are in the room
        await after_change(ask.unit, ask.world, ask.about)


async def _may_come_along(ask: Ask) -> bool:
    """Whether a chain in which the asker was called, and did not say no, was taken."""
    found = await ask.unit.session.exec(
        select(Page.id)
        .join(Chain, col(Chain.id) == col(Page.chain_id))
        .where(
            Page.case_id == row_id(ask.about),
            Page.person_id == ask.who.id,
            Page.state != "declined",
            col(Chain.acked_page_id).is_not(None),
        )
    )
    return found.first() is not None


@command("phoned", right="initiator", nl=("gebeld",), en=("phoned",), about="chain")
async def phoned(ask: Ask) -> None:
    """Informed by telephone: written down, no ack, no part of the quorum."""
    chain = await _ended_chain(ask)
    if chain is None:
        return
    state = await state_of(ask.unit, ask.about, chain)
    await ChainRun(ask.unit, ask.world, ask.about, chain).apply(paging.phoned(state))
    await ask.log("change", "page", right="initiator")
    partner = Partners((chain.partner,))
    await ask.settle(message("chain.phoned", partner=partner, time=At(ask.unit.now)))
    await after_change(ask.unit, ask.world, ask.about)


@command("no_reply", right="initiator", nl=("geen gehoor",), en=("no reply",), about="chain")
async def no_reply(ask: Ask) -> None:
    """Nobody answered the desk's telephone either: the notices go on."""
    chain = await _ended_chain(ask)
    if chain is not None:
        partner = Partners((chain.partner,))
        await ask.settle(message("chain.no_reply", partner=partner, time=At(ask.unit.now)))


async def _ended_chain(ask: Ask) -> Chain | None:
    if ask.argument:
        return await ask.unit.session.get(Chain, int(ask.argument))
    found = await ask.unit.session.exec(
        select(Chain)
        .where(Chain.case_id == row_id(ask.about), col(Chain.ended_at).is_not(None))
        .order_by(col(Chain.ended_at).desc())
    )
    chain = found.first()
    if chain is None:
        await ask.answer(message("wrong.no_question"))
    return chain


async def _page_meant(ask: Ask, *, declined_too: bool = False) -> tuple[Page, Chain, Case] | None:
    """`declined_too`: where nothing else is open, also what the asker said no to."""
    if ask.argument:
        found = await load_page(ask.unit, int(ask.argument))
        if found is not None and found[0].person_id == ask.who.id:
            return found
        return None
    pages = await open_pages(ask)
    if not pages and declined_too:
        pages = await open_pages(ask, ("declined",))
    if len(pages) == 1:
        return await load_page(ask.unit, row_id(pages[0]))
    if not pages:
        when = await next_duty(ask.unit, ask.who.person)
        if when is None:
            await ask.answer(message("wrong.no_page_no_duty"))
        elif when <= ask.unit.now:
            await ask.answer(message("wrong.no_page_on_duty"))
        else:
            await ask.answer(message("wrong.no_page", duty=At(when)))
        return None
    # Two chains of one case call the same person: it is the newest that waits for an answer.
    waiting = [page for page in pages if page.state != "acked"]
    return await load_page(ask.unit, row_id((waiting or pages)[-1]))


_ANSWERABLE = ("queued", "called", "seen", "expired", "acked")


async def open_pages(ask: Ask, states: tuple[str, ...] = _ANSWERABLE) -> list[Page]:
    """What this person could still answer: in this case, or in all open ones."""
    wanted = (
        select(Page)
        .join(Case, col(Case.id) == col(Page.case_id))
        .where(
            Page.person_id == ask.who.id,
            Case.state == "open",
            col(Page.state).in_(states),
        )
        .order_by(col(Page.id))
    )
    if ask.case is not None:
        wanted = wanted.where(Page.case_id == row_id(ask.case))
    return list(await ask.unit.session.exec(wanted))


async def _show_present_state(ask: Ask, page: Page, chain: Chain, case: Case) -> None:
    """A stale button does not lie: the message becomes how it stands now."""
    reference = case.reference or ""
    if case.state != "open":
        time = At(case.closed_at or ask.unit.now)
        key = "withdraw.done" if case.state == "withdrawn" else "page.closed"
        await show_page(ask.unit, case, page, message(key, ref=reference, time=time))
    elif chain.acked_page_id == page.id:
        if await invite_again(ask.unit, case, ask.who):
            await ask.log("share", "case", right="called")
        taken = await _taken(ask, case, page.answered_at or ask.unit.now)
        await show_page(ask.unit, case, page, taken)
        if not ask.pressed:  # the page says so already: words would get no answer at all
            state = Word("state.page.acked")
            await ask.answer(message("page.state", ref=reference, state=state))
    elif chain.acked_page_id is not None:
        text = message(
            "page.taken_by_other",
            partner=Partners((chain.partner,)),
            ref=reference,
            time=At(chain.acked_at or ask.unit.now),
        )
        join_too = Action("join", Word("button.join"), str(row_id(page)))
        await show_page(ask.unit, case, page, text, (join_too,))
    else:
        state = Word(f"state.page.{page.state}")
        await ask.answer(message("page.state", ref=reference, state=state))
