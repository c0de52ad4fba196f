"""A shift ends while its case is open: when it is asked, and to whom it is offered in turn. Until
somebody says yes whoever has the case keeps it (domain.md section 8, story 3)."""

import json

from sqlalchemy import func
from sqlmodel import col, select

from commands.messages import Action, At, Named, Number, Span, Word, message
from commands.people import by_id, row_id
from commands.roster.shift_end import is_away, shift_end, successors
from commands.rules.moments import HOUR, MINUTE
from commands.tell import How, show_person, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Agreement, Case, Chain, Page, Person, ShiftHandover
from storage.timers import cancel_timers, is_live, set_timer

BEFORE_MS = 30 * MINUTE
ANSWER_MS = 15 * MINUTE
SAME_SHIFT_MS = 20 * HOUR  # ends nearer to each other are those of one shift
_RUNNING = ("asked", "offered")


async def handover_timer(unit: Unit, world: World, chain_id: int, kind: str, argument: str) -> None:
    """A clock of a shift came due; `argument` is the handover it belongs to."""
    chain = await unit.session.get(Chain, chain_id)
    case = await unit.session.get(Case, chain.case_id) if chain else None
    if chain is None or case is None or case.state != "open" or chain.acked_page_id is None:
        return
    holder = await holder_of(unit, chain)
    if kind in ("handover_look", "handover_ask"):
        await _look(unit, world, case, chain, holder)
        return
    row = await unit.session.get(ShiftHandover, int(argument))
    if row is None or row.state not in _RUNNING:
        return
    if row.from_id != holder.id:
        row.state = "void"
        return
    await offer_next(unit, world, case, chain, row)


async def _look(unit: Unit, world: World, case: Case, chain: Chain, holder: Person) -> None:
    """Half an hour before the end of the shift it is asked; before that, wait for it. Who is away
    is not asked: the next one is."""
    subject = f"shift:{row_id(chain)}"
    ends_at = await shift_end(unit, case, chain, holder)
    waiting = await running(unit, chain)
    if waiting is not None and waiting.from_id == holder.id and await _has_clock(unit, subject):
        if waiting.state == "asked" and await is_away(unit, holder):
            await offer_next(unit, world, case, chain, waiting)
        return
    if waiting is not None:
        waiting.state = "void"  # of an ack that was taken back meanwhile
    await cancel_timers(unit, subject)
    if ends_at is None or await _was_asked(unit, chain, holder, ends_at):
        return
    ask_at = ends_at - BEFORE_MS
    if unit.now < ask_at:
        set_timer(unit, "handover_ask", subject, ask_at, case_id=row_id(case))
        return
    row = await begin(unit, case, chain, holder, ends_at)
    if await is_away(unit, holder):
        await offer_next(unit, world, case, chain, row)
        return
    ended = ends_at <= unit.now
    ref = case.reference or ""
    text = message("handover.ask", ref=ref, time=At(ends_at))
    if ended:
        text = message("handover.ask_ended", ref=ref)
    actions = (
        Action("handover_go", Word("button.hand_over"), str(row.id)),
        Action("handover_stay", Word("button.stay"), str(row.id), stop=True),
    )
    how = How(loud=True, lane=outbox.ANSWERS, case=case)
    await tell_person(unit, row_id(holder), text, actions=actions, slot=slot_of(row), how=how)
    offered_at = unit.now + ANSWER_MS if ended else ends_at
    argument = str(row.id)
    set_timer(unit, "handover_end", subject, offered_at, case_id=row_id(case), argument=argument)


async def _has_clock(unit: Unit, subject: str) -> bool:
    return await is_live(unit, subject, "handover_end") or await is_live(
        unit, subject, "handover_late"
    )


async def offer_next(
    unit: Unit, world: World, case: Case, chain: Chain, row: ShiftHandover
) -> None:
    """Ask the next successor who was not asked yet; after the last, say whom to phone."""
    holder = await by_id(unit, row.from_id)
    at = max(row.ends_at, unit.now)
    subject = f"shift:{row_id(chain)}"
    await cancel_timers(unit, subject)
    asked = json.loads(row.asked)
    follow = [
        each
        for each in await successors(unit, world, case, chain, holder, at)
        if row_id(each.person) not in asked
    ]
    if row.to_id is not None:
        text = message("handover.too_late", ref=case.reference or "")
        await show_person(unit, row.to_id, slot_of(row), text, how=How(case=case))
    reference = case.reference or ""
    how = How(loud=bool(asked), lane=outbox.ANSWERS, case=case)
    if not follow:
        row.state, row.to_id = "over", None
        desk = world.region.partner(chain.partner)
        text = message(
            "handover.nobody",
            ref=reference,
            desk=Named(desk.desk_name.nl, desk.desk_name.en),
            number=Number(desk.desk_number),
        )
        await tell_person(unit, row_id(holder), text, how=How(True, outbox.ANSWERS, case))
        return
    first = follow[0]
    due_at = at + ANSWER_MS
    row.state, row.to_id, row.step = "offered", row_id(first.person), first.step
    row.asked = json.dumps([*asked, row.to_id])
    await _offer(unit, case, row, due_at)
    set_timer(unit, "handover_late", subject, due_at, case_id=row_id(case), argument=str(row.id))
    key = "handover.escalated" if asked else "handover.offered"
    text = message(key, ref=reference, step=Word(f"handover.step.{first.step}"), time=At(unit.now))
    if asked:
        await tell_person(unit, row_id(holder), text, how=how)
    else:
        await show_person(unit, row_id(holder), slot_of(row), text, how=how)


async def _offer(unit: Unit, case: Case, row: ShiftHandover, due_at: int) -> None:
    await note(unit, BOT, "share", "handover", right="roster", reference=case.reference)
    text = message(
        "handover.page",
        ref=case.reference or "",
        n=await _open_agreements(unit, case),
        deadline=At(due_at),
        rest=Span(due_at - unit.now),
    )
    actions = (
        Action("handover_take", Word("button.take"), str(row.id)),
        Action("handover_decline", Word("button.decline"), str(row.id), stop=True),
    )
    how = How(loud=True, lane=outbox.PAGES, case=case)
    await tell_person(unit, row.to_id or 0, text, actions=actions, slot=slot_of(row), how=how)


async def _open_agreements(unit: Unit, case: Case) -> int:
    found = await unit.session.exec(
        select(func.count()).where(
            Agreement.case_id == row_id(case), col(Agreement.state).in_(("open", "confirmed"))
        )
    )
    return found.one()


async def holder_of(unit: Unit, chain: Chain) -> Person:
    """Who took this chain. Raises `LookupError` if nobody did."""
    page = await unit.session.get(Page, chain.acked_page_id)
    if page is None:
        raise LookupError(f"the page that took chain {chain.id} is gone")
    return await by_id(unit, page.person_id)


async def running(unit: Unit, chain: Chain) -> ShiftHandover | None:
    """The handover of this chain that waits for an answer."""
    found = await unit.session.exec(
        select(ShiftHandover)
        .where(ShiftHandover.chain_id == row_id(chain), col(ShiftHandover.state).in_(_RUNNING))
        .order_by(col(ShiftHandover.id).desc())
    )
    return found.first()


async def _was_asked(unit: Unit, chain: Chain, holder: Person, ends_at: int) -> bool:
    """Who said "ik blijf", or found nobody, is not asked again about the same shift."""
    found = await unit.session.exec(
        select(ShiftHandover.id).where(
            ShiftHandover.chain_id == row_id(chain),
            ShiftHandover.from_id == row_id(holder),
            col(ShiftHandover.state).in_(("stayed", "over")),
            ShiftHandover.ends_at > ends_at - SAME_SHIFT_MS,
        )
    )
    return found.first() is not None


async def begin(
    unit: Unit, case: Case, chain: Chain, holder: Person, ends_at: int
) -> ShiftHandover:
    """A handover that nobody was asked about yet."""
    row = ShiftHandover(
        case_id=row_id(case),
        chain_id=row_id(chain),
        from_id=row_id(holder),
        ends_at=ends_at,
        state="asked",
    )
    unit.session.add(row)
    await unit.session.flush()
    return row


def slot_of(row: ShiftHandover) -> str:
    """The message about this handover, on either side."""
    return f"handover:{row.id}"
