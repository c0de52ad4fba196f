"""The end of a shift with an open case, as people answer it: hand over, stay, take over."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.after_change import after_change
from commands.ask import Ask
from commands.declare import command
from commands.join_case import let_in, let_out
from commands.messages import At, message
from commands.page_texts import page_slot
from commands.people import Known, by_id, identity_of, identity_on, row_id
from commands.roster.offer_shift import begin, holder_of, offer_next, running, slot_of
from commands.roster.shift_end import look_at_shift
from commands.rules.chain import Role
from commands.tell import How, show_person
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Case, Chain, Page, Person, ShiftHandover
from storage.timers import cancel_timers

_PAGE_ROLES: dict[str, Role] = {
    "successor": "primary",
    "chief": "contact_point",
    "backup": "backup",
    "contact_point": "contact_point",
}
_HELD = (
    select(Chain)
    .join(Page, col(Page.id) == col(Chain.acked_page_id))
    .where(Chain.case_id == bindparam("case"), Page.person_id == bindparam("person"))
    .order_by(col(Chain.id))
)


@command(
    "handover",
    right="called",
    nl=("overdragen", "draag over"),
    en=("handover", "hand over"),
)
async def hand_over(ask: Ask) -> None:
    """By oneself, at any moment: to whoever is on duty now, or else the next."""
    chain = await _held(ask.unit, ask.about, ask.who.id)
    if chain is None:
        await ask.answer(message("handover.not_yours"))
        return
    row = await running(ask.unit, chain)
    if row is not None and row.from_id == ask.who.id and row.state == "offered":
        await ask.answer(message("handover.waits", ref=ask.about.reference or ""))
        return
    if row is None or row.from_id != ask.who.id:
        row = await begin(ask.unit, ask.about, chain, ask.who.person, ask.unit.now)
    await ask.log("change", "handover", right="called")
    await offer_next(ask.unit, ask.world, ask.about, chain, row)


@command("handover_go", right="anyone", about="nothing")
async def go_on(ask: Ask) -> None:
    """[Draag over]: the successor is asked now."""
    found = await _mine(ask)
    if found is not None:
        row, case, chain = found
        if row.state == "asked":
            await offer_next(ask.unit, ask.world, case, chain, row)


@command("handover_stay", right="anyone", about="nothing")
async def stay(ask: Ask) -> None:
    """[Ik blijf]: the case stays with them, also after the shift."""
    found = await _mine(ask)
    if found is None:
        return
    row, case, chain = found
    row.state = "stayed"
    await cancel_timers(ask.unit, f"shift:{row_id(chain)}")
    ask.case = case
    await ask.log("change", "handover", right="called")
    await ask.settle(message("handover.stays", ref=case.reference or ""))


@command("handover_take", right="anyone", about="nothing")
async def take_over(ask: Ask) -> None:
    """The successor's yes: from now on the case is theirs, and the old one is out of it."""
    found = await _offered_to_me(ask)
    if found is None:
        return
    row, case, chain = found
    unit, old = ask.unit, await by_id(ask.unit, row.from_id)
    page = Page(
        case_id=row_id(case),
        chain_id=row_id(chain),
        person_id=ask.who.id,
        role=_PAGE_ROLES[row.step],
        state="acked",
        due_at=unit.now,
        queued_at=unit.now,
        answered_at=unit.now,
    )
    unit.session.add(page)
    before = await unit.session.get(Page, chain.acked_page_id)
    await unit.session.flush()
    chain.acked_page_id = row_id(page)  # `acked_at` stays: since then this partner has it
    row.state = "accepted"
    await cancel_timers(unit, f"shift:{row_id(chain)}")
    look_at_shift(unit, chain)
    ask.case, ask.role = case, "called"
    await ask.log("share", "case", right="handover")
    await let_in(unit, case, ask.who)
    await ask.settle(message("page.taken_by_you", ref=case.reference or "", time=At(unit.now)))
    done = message("handover.done", ref=case.reference or "", time=At(unit.now))
    if before is not None:
        before.state = "declined"  # given away: as after "kan niet", nothing can be read or joined
        how = How(lane=outbox.ANSWERS, case=case)
        await show_person(unit, row_id(old), page_slot(row_id(before)), done, how=how)
    await _out_of_the_case(unit, case, old)
    await show_person(unit, row_id(old), slot_of(row), done, how=How(case=case))
    await after_change(unit, ask.world, case)


@command("handover_decline", right="anyone", about="nothing")
async def decline_handover(ask: Ask) -> None:
    """The successor cannot: the next is asked at once."""
    found = await _offered_to_me(ask)
    if found is None:
        return
    row, case, chain = found
    ask.case = case
    await ask.log("change", "handover", right="called")
    await ask.settle(message("handover.declined", ref=case.reference or ""))
    row.to_id = None
    await offer_next(ask.unit, ask.world, case, chain, row)


async def _out_of_the_case(unit: Unit, case: Case, old: Person) -> None:
    """Unless another function of theirs holds it too, or they raised it."""
    if await _held(unit, case, row_id(old)) is not None:
        return
    identity = await identity_on(unit, row_id(old), case.channel)
    identity = identity or await identity_of(unit, row_id(old))
    if identity is not None:
        await let_out(unit, case, Known(old, identity))
        actor = Actor.of(old, "called", "clock")
        await note(unit, actor, "change", "room", right="handover", reference=case.reference)


async def _held(unit: Unit, case: Case, person_id: int) -> Chain | None:
    """The chain of this case that this person took."""
    asked = {"case": row_id(case), "person": person_id}
    return (await unit.session.exec(_HELD, params=asked)).first()


async def _mine(ask: Ask) -> tuple[ShiftHandover, Case, Chain] | None:
    """The handover that the asker was asked about, if it still stands."""
    found = await _standing(ask)
    if found is None or found[0].from_id != ask.who.id:
        await ask.settle(message("handover.past"))
        return None
    return found


async def _offered_to_me(ask: Ask) -> tuple[ShiftHandover, Case, Chain] | None:
    found = await _standing(ask)
    if found is None or found[0].to_id != ask.who.id or found[0].state != "offered":
        await ask.settle(message("handover.past"))
        return None
    return found


async def _standing(ask: Ask) -> tuple[ShiftHandover, Case, Chain] | None:
    """Not after the case ended, or when somebody else has it by now."""
    row = await ask.unit.session.get(ShiftHandover, int(ask.argument))
    chain = await ask.unit.session.get(Chain, row.chain_id) if row else None
    case = await ask.unit.session.get(Case, row.case_id) if row else None
    if row is None or chain is None or case is None or case.state != "open":
        return None
    if row.state not in ("asked", "offered") or chain.acked_page_id is None:
        return None
    holder = await holder_of(ask.unit, chain)
    return (row, case, chain) if row_id(holder) == row.from_id else None
