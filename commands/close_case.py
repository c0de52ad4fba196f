"""`sluit`: outcome, one more yes, closed; and the reminders for a case that nobody closes."""

from sqlmodel import col, func, select

from commands import measures
from commands.agreement_clocks import RUNNING
from commands.ask import Ask
from commands.declare import command
from commands.end_case import end_case, still_open
from commands.erase_topic import erase_if_done
from commands.headline import refresh
from commands.members import leading, members_of
from commands.messages import Action, At, Day, Message, Named, Partners, Word, message
from commands.people import row_id
from commands.permission import role_for
from commands.rules.moments import DAY, HOUR
from commands.tell import How, posts_for, show_person, tell_person
from commands.world import World, frozen_protocol
from storage.store import Unit
from storage.tables import Agreement, Case
from storage.timers import set_timer


# Everybody in the case may ask; who is not the lead gets an offer to pass it on.
@command("close", right="member", nl=("sluit",), en=("close",), closed_too=True)
async def close(ask: Ask) -> None:
    """Ask the lead or the initiator for the outcome."""
    if not await still_open(ask):
        return
    role = await role_for(ask, "lead")
    if role is None:
        await _offer_to_ask(ask)
        return
    ask.role = role
    outcomes = tuple(
        Action("close_outcome", Named(each.nl, each.en), f"{row_id(ask.about)}:{each.key}")
        for each in frozen_protocol(ask.about).outcomes
    )
    await _put(ask, message("close.outcome"), outcomes)


async def _offer_to_ask(ask: Ask) -> None:
    case = ask.about
    if case.lead is None:
        await ask.answer(message("wrong.not_lead_nobody"))
        return
    number = str(row_id(case))
    actions = (
        Action("close_ask_lead", Word("button.yes"), number),
        Action("close_ask_nobody", Word("button.no"), number, stop=True),
    )
    await _put(ask, message("wrong.not_lead", partner=Partners((case.lead,))), actions)


async def _put(ask: Ask, text: Message, actions: tuple[Action, ...]) -> None:
    """The next question takes the place of a pressed one; a typed one gets a new message."""
    if ask.pressed:
        await ask.settle(text, actions)
    else:
        await ask.answer(text, actions=actions, slot=f"close:{row_id(ask.about)}")


@command("close_ask_lead", right="member")
async def ask_lead(ask: Ask) -> None:
    """Somebody else thinks that it can be closed: the lead hears that."""
    if not await still_open(ask):
        return
    case = ask.about
    text = message(
        "wrong.close_request",
        partner=Partners((ask.who.person.partner,)),
        ref=case.reference or "",
    )
    await ask.log("share", "closing", right="member")
    for person_id in await leading(ask.unit, case):
        await _ask_to_close(ask.unit, case, person_id, text)
    lead = Partners((case.lead,)) if case.lead else Word("role.melder")
    await ask.settle(message("wrong.close_asked", partner=lead))


@command("close_ask_nobody", right="member")
@command("close_back", right="member")
async def keep_open(ask: Ask) -> None:
    """[Nee], [Terug]: nothing changes."""
    if await still_open(ask):
        await ask.log("change", "closing", right="member")
        await ask.settle(message("close.kept", ref=ask.about.reference or ""))


@command("close_outcome", right="lead")
async def pick_outcome(ask: Ask) -> None:
    """The outcome; agreements that go on are named before the last yes."""
    if not await still_open(ask):
        return
    number = row_id(ask.about)
    running = (
        await ask.unit.session.exec(
            select(func.count(col(Agreement.id))).where(
                Agreement.case_id == number, col(Agreement.state).in_(RUNNING)
            )
        )
    ).one()
    text = message("close.sure_open", n=running) if running else message("close.sure")
    actions = (
        Action("close_now", Word("button.close"), ask.argument),
        Action("close_back", Word("button.back"), str(number), stop=True),
    )
    await ask.settle(text, actions)


@command("close_now", right="lead")
async def close_now(ask: Ask) -> None:
    """Closed: chains, clocks and questions end; agreements go on; everybody is asked about
    the own file."""
    if not await still_open(ask):
        return
    unit, case = ask.unit, ask.about
    outcome = frozen_protocol(case).outcome(ask.argument.partition(":")[2])
    case.outcome = outcome.key
    closed = message("page.closed", ref=case.reference or "", time=At(unit.now))
    await end_case(unit, ask.world, case, "closed", closed)
    await ask.settle(closed)
    await ask.log("change", "case", right="lead")
    measures.record(unit, case, "closed", value=unit.now - (case.opened_at or unit.now))
    measures.record(unit, case, f"outcome_{outcome.key}")
    for member in await members_of(unit, case):
        await tell_person(
            unit,
            member.person_id,
            message("close.file", ref=case.reference or ""),
            actions=_file_answers(case),
            slot=_file_slot(case),
            how=How(case=case),
        )
    await refresh(unit, ask.world, case)


def _file_slot(case: Case) -> str:
    return f"file:{row_id(case)}"


def _file_answers(case: Case) -> tuple[Action, ...]:
    number = str(row_id(case))
    return (
        Action("file_right", Word("button.file_right"), number),
        Action("file_later", Word("button.file_not_yet"), number, stop=True),
    )


@command("file_right", right="member")
async def file_right(ask: Ask) -> None:
    """This partner's own file is complete; its colleagues need not answer any more."""
    unit, case, partner = ask.unit, ask.about, ask.who.person.partner
    await ask.log("change", "file", right="member")
    measures.record(unit, case, "file_right", partner)
    noted = message("close.file_noted", ref=case.reference or "", time=At(unit.now))
    await ask.settle(noted)
    for member in await members_of(unit, case, partner):
        member.file_right_at = unit.now
        colleague, slot = member.person_id, _file_slot(case)
        if colleague != ask.who.id and await posts_for(unit, colleague, slot):
            await show_person(unit, colleague, slot, noted, how=How(case=case))
    await refresh(unit, ask.world, case)
    await erase_if_done(unit, ask.world, case)


@command("file_later", right="member")
async def file_later(ask: Ask) -> None:
    """Not yet: the question stays, with the yes that is left."""
    question = message("close.file_open", ref=ask.about.reference or "")
    await ask.settle(question, _file_answers(ask.about)[:1])


async def case_timer(unit: Unit, world: World, case_id: int, kind: str) -> None:
    """The headline; and for a case that nobody closes: remind again and again, and after long,
    name a last date."""
    case = await unit.session.get(Case, case_id)
    if case is None or case.state != "open":
        return
    if kind == "case_headline":
        await refresh(unit, world, case)
        return
    if kind == "case_last_date":
        text = message("close.last_date", ref=case.reference or "", date=Day(unit.now + DAY))
    else:
        text = message(
            "close.reminder", ref=case.reference or "", since=At(case.opened_at or unit.now)
        )
        again = unit.now + frozen_protocol(case).closing.remind_hours * HOUR
        set_timer(unit, kind, f"case:{case_id}", again, case_id=case_id)
    for person_id in await leading(unit, case):
        await _ask_to_close(unit, case, person_id, text)


async def _ask_to_close(unit: Unit, case: Case, person_id: int, text: Message) -> None:
    await tell_person(
        unit,
        person_id,
        text,
        actions=(Action("close", Word("button.close"), str(row_id(case))),),
        slot=f"close:{row_id(case)}:{unit.now}",
        how=How(loud=True, case=case),
    )
