"""The clocks of agreements: who must confirm, who is reminded, who hears that it is too late."""

from collections.abc import Collection

from sqlalchemy import update
from sqlmodel import col, or_, select

from commands import measures
from commands.members import members_of
from commands.messages import Action, At, Message, Own, Partners, Span, Word, message
from commands.messages import actions_from_text as actions_of
from commands.people import row_id, with_role
from commands.places import person_in
from commands.rows_of_chain import chains_of
from commands.rules.agreements import ask_again_at, remind_at
from commands.rules.moments import MINUTE
from commands.tell import How, show_person, show_room, tell_person
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Agreement, Case, OutboxRow, Page, Post
from storage.timers import cancel_timers, set_timer

CONFIRM_MS = 30 * MINUTE
RUNNING = ("open", "confirmed")
_NOTED = {"open": "", "confirmed": "_confirmed", "disputed": "_disputed", "done": "_done"}


def slot_of(agreement: Agreement) -> str:
    """The messages that are this agreement, in the room and with its owner; also its clocks."""
    return f"agreement:{row_id(agreement)}"


def noted(unit: Unit, case: Case, agreement: Agreement) -> Message:
    """The agreement as the room reads it, with what just happened to it."""
    text = unit.vault.unseal(agreement.text, case.wrapped_key)
    return message(
        f"agreement.noted{_NOTED[agreement.state]}",
        number=agreement.number,
        partner=Partners((agreement.partner,)),
        when=At(agreement.due_at),
        what=Own(text),
        time=At(agreement.done_at or unit.now),
    )


async def show_noted(unit: Unit, case: Case, agreement: Agreement) -> None:
    """Bring the agreement in the room up to date."""
    await show_room(
        unit, case, slot_of(agreement), noted(unit, case, agreement), lane=outbox.ANSWERS
    )


def named(key: str, case: Case, agreement: Agreement, now: int) -> Message:
    """A message about an agreement, without a word of what was agreed."""
    return message(
        f"agreement.{key}",
        number=agreement.number,
        ref=case.reference or "",
        partner=Partners((agreement.partner,)),
        deadline=At(agreement.due_at),
        when=At(agreement.due_at),
        rest=Span(max(agreement.due_at - now, 0)),
        time=At(agreement.done_at or now),
    )


def is_it_right(agreement: Agreement) -> tuple[Action, ...]:
    """Two answers to a new agreement."""
    number = str(row_id(agreement))
    return (
        Action("agreement_confirm", Word("button.right"), number),
        Action("agreement_dispute", Word("button.not_right"), number, stop=True),
    )


def is_it_done(agreement: Agreement) -> tuple[Action, ...]:
    """Two answers to a reminder."""
    number = str(row_id(agreement))
    return (
        Action("agreement_done", Word("button.done"), number),
        Action("agreement_more_time", Word("button.more_time"), number, stop=True),
    )


def reminder(unit: Unit, case: Case, agreement: Agreement) -> Message:
    """The reminder that fits this moment."""
    key = "due" if unit.now <= agreement.due_at else "overdue"
    return named(key, case, agreement, unit.now)


async def owners(unit: Unit, case: Case, partner: str) -> tuple[int, ...]:
    """The people who must do it: the partner's people in the case, else who took the page."""
    there = tuple(member.person_id for member in await members_of(unit, case, partner))
    if there:
        return there
    taken = [
        chain.acked_page_id
        for chain in await chains_of(unit, case)
        if chain.partner == partner and chain.acked_page_id is not None
    ]
    pages = [await unit.session.get(Page, page_id) for page_id in taken]
    return tuple(dict.fromkeys(page.person_id for page in pages if page))


async def set_clocks(unit: Unit, agreement: Agreement) -> None:
    """Set this agreement's clocks anew, from its deadline. A reminder that would come together
    with a later one is left out."""
    subject = slot_of(agreement)
    await cancel_timers(unit, subject)
    remind = remind_at(agreement.due_at, unit.now)
    clocks = {"agreement_overdue": agreement.due_at + 1}  # on the deadline it is in time
    if remind is not None:
        clocks["agreement_due"] = remind
    if agreement.state == "open" and unit.now + CONFIRM_MS < (remind or agreement.due_at):
        clocks["agreement_unconfirmed"] = unit.now + CONFIRM_MS
    for kind, at in clocks.items():
        set_timer(unit, kind, subject, at, case_id=agreement.case_id)


async def agreement_timer(unit: Unit, _world: World, agreement_id: int, kind: str) -> None:
    """A clock of an agreement came due; also in a case that was closed meanwhile."""
    agreement = await unit.session.get(Agreement, agreement_id, with_for_update=True)
    case = await unit.session.get(Case, agreement.case_id) if agreement else None
    if agreement is None or case is None or case.state not in ("open", "closed"):
        return
    if agreement.state not in RUNNING:
        return
    match kind:
        case "agreement_unconfirmed" if agreement.state == "open":
            text = named("unconfirmed", case, agreement, unit.now)
            await _ring(unit, case, agreement, text, is_it_right(agreement))
        case "agreement_due":
            text = named("due", case, agreement, unit.now)
            await _ring(unit, case, agreement, text, is_it_done(agreement))
        case "agreement_overdue":
            await _overdue(unit, case, agreement)


def count_late(unit: Unit, case: Case, agreement: Agreement) -> None:
    """Too late: counted once, whatever is done afterwards."""
    if not agreement.late:
        agreement.late = True
        measures.record(unit, case, "agreement_late", agreement.partner)


async def close_questions(
    unit: Unit,
    case: Case,
    agreement: Agreement,
    text: Message,
    *,
    but: Post | None = None,
    verbs: Collection[str] | None = None,
) -> None:
    """What still asks the owners something (of these verbs, or anything) becomes `text`."""
    slot = slot_of(agreement)
    found = await unit.session.exec(
        select(Post).where(
            or_(Post.slot == slot, col(Post.slot).startswith(f"{slot}:")),
            Post.actions != "[]",
            col(Post.destination).startswith("person:"),
        )
    )
    for post in found.all():
        asked = {action.verb for action in actions_of(post.actions)}
        if (but is None or post.id != but.id) and (verbs is None or asked & {*verbs}):
            person_id = person_in(post.destination) or 0
            await show_person(unit, person_id, post.slot, text, how=How(case=case))
    if verbs is None:
        await _cancel_unsent(unit, slot)


async def _cancel_unsent(unit: Unit, slot: str) -> None:
    await unit.session.exec(
        update(OutboxRow)
        .where(
            or_(col(OutboxRow.slot) == slot, col(OutboxRow.slot).startswith(f"{slot}:")),
            col(OutboxRow.state) == "pending",
            col(OutboxRow.kind) == "say",
            col(OutboxRow.destination).startswith("person:"),
        )
        .values(state="cancelled", payload="")
    )


async def _overdue(unit: Unit, case: Case, agreement: Agreement) -> None:
    """Owner and contact point hear it, and again every working morning until it is done."""
    count_late(unit, case, agreement)
    text = named("overdue", case, agreement, unit.now)
    told = await _ring(unit, case, agreement, text, is_it_done(agreement))
    set_timer(
        unit,
        "agreement_overdue",
        slot_of(agreement),
        ask_again_at(unit.now),
        case_id=agreement.case_id,
    )
    found = await unit.session.exec(
        select(Agreement).where(
            Agreement.case_id == agreement.case_id,
            Agreement.partner == agreement.partner,
            col(Agreement.late).is_(True),
            col(Agreement.state).in_(RUNNING),
        )
    )
    to_contact = message(
        "agreement.overdue_contact",
        n=len(found.all()),
        partner=Partners((agreement.partner,)),
        ref=case.reference or "",
    )
    for person in await with_role(unit, "contact_point", agreement.partner):
        if row_id(person) not in told:
            await tell_person(unit, row_id(person), to_contact, how=How(loud=True, case=case))


async def _ring(
    unit: Unit, case: Case, agreement: Agreement, text: Message, actions: tuple[Action, ...]
) -> tuple[int, ...]:
    told = await owners(unit, case, agreement.partner)
    for person_id in told:
        await tell_person(
            unit,
            person_id,
            text,
            actions=actions,
            slot=f"{slot_of(agreement)}:{unit.now}",
            how=How(loud=True, case=case),
        )
    return told
