"""The overleg: by itself when every chain is taken or has ended, or earlier at somebody's word.

Called after every change of a chain, so it must not import what runs chains.
"""

from commands import ask_times, attend
from commands.ask import Ask
from commands.choose_time import offer
from commands.declare import command
from commands.fix_consultation import fix, give_up, replaced_text
from commands.headline import refresh
from commands.messages import Action, At, Word, message
from commands.open_vote import begin_voting, bring_up_to_date, new_consultation
from commands.people import row_id
from commands.permission import role_for
from commands.present_consultation import present, still
from commands.reading.words import phrase
from commands.rows_of_consultation import (
    all_settled,
    current,
    enough_to_meet,
    in_order,
    is_over,
    outcome_of,
    votes_of,
)
from commands.rules.slots import Waiting
from commands.world import World
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Consultation


async def begin_when_settled(unit: Unit, world: World, case: Case) -> None:
    """Ask for a time once nobody is being called any more; who takes it later is asked too."""
    if case.state != "open":
        return
    planned = await current(unit, case)
    if planned is not None:
        await bring_up_to_date(unit, world, case, planned)
    elif await all_settled(unit, case) and await enough_to_meet(unit, case):
        reference = case.reference
        await note(unit, BOT, "create", "consultation", right="protocol", reference=reference)
        await begin_voting(unit, case)


@command("consult", right="member", nl=("overleg",), en=("consult",), takes_words=True)
async def consult(ask: Ask) -> None:
    """Bare: ask for a time, or ask again. "nu": it is now."""
    words = phrase(ask.words)
    if words in ("nu", "now"):
        await consult_now(ask)
    elif words:
        if ask.where != "case":  # in the room people talk about it as well
            await ask.answer(message("consult.words"))
    elif ask.about.state != "open":
        await ask.answer(await present(ask))
    else:
        planned = await current(ask.unit, ask.about)
        if planned is None or is_over(planned, ask.unit.now):
            await _begin(ask)
        elif planned.state == "voting":
            await _ask_again(ask, planned)
        else:
            await _say_fixed(ask, planned)


@command("consult_now", right="member")
async def consult_now(ask: Ask) -> None:
    """With who is there, at once."""
    unit, case = ask.unit, ask.about
    if case.state != "open":
        await ask.answer(await present(ask))
        return
    planned = await current(unit, case)
    begun = planned is not None and (planned.fixed_at or unit.now + 1) <= unit.now
    if planned is not None and begun and not is_over(planned, unit.now):
        await _say_fixed(ask, planned)
        return
    if not await enough_to_meet(unit, case):
        await ask.answer(message("consult.alone", ref=case.reference or ""))
        return
    if not await _may_begin(ask):
        return
    if planned is not None and planned.state == "fixed" and not begun:
        await give_up(unit, case, planned)
    if planned is None or planned.state != "voting":
        planned = await new_consultation(unit, case)
    await ask.log("change", "consultation", right="member")
    await fix(unit, ask.world, case, planned, unit.now, by=ask.who.id)


@command("consult_again", right="member", about="consultation")
async def consult_again(ask: Ask) -> None:
    """The fixed time is off; everybody is asked anew."""
    planned = await still(ask, "fixed")
    if planned is None:
        return
    await give_up(ask.unit, ask.about, planned)
    await ask.settle(replaced_text(ask.about))
    await ask.log("create", "consultation", right="member")
    await begin_voting(ask.unit, ask.about, by=ask.who.id)
    await refresh(ask.unit, ask.world, ask.about)


async def consult_timer(unit: Unit, world: World, consultation_id: int, kind: str) -> None:
    """A clock of an overleg came due; without a meaning if the case or the overleg is over."""
    planned = await unit.session.get(Consultation, consultation_id, with_for_update=True)
    case = await unit.session.get(Case, planned.case_id) if planned else None
    if planned is None or case is None or case.state != "open":
        return
    match planned.state, kind:
        case "voting", "consult_nonvoter":
            await _ask_nonvoters(unit, case, planned)
        case "voting", "consult_undecided":
            await offer(unit, case, planned)
        case "fixed", "consult_remind":
            await attend.remind(unit, world, case, planned)
        case "fixed", "consult_starts":
            await refresh(unit, world, case)


async def _begin(ask: Ask) -> None:
    unit, case = ask.unit, ask.about
    if not await _may_begin(ask):
        return
    if await all_settled(unit, case) and not await enough_to_meet(unit, case):
        await ask.answer(message("consult.alone", ref=case.reference or ""))
        return
    await ask.log("create", "consultation", right="member")
    await begin_voting(unit, case, by=ask.who.id)


async def _may_begin(ask: Ask) -> bool:
    """While people are still being called, only the initiator or the case lead begins."""
    if await all_settled(ask.unit, ask.about) or await role_for(ask, "lead") is not None:
        return True
    await ask.answer(message("consult.not_yet", ref=ask.about.reference or ""))
    return False


async def _ask_again(ask: Ask, planned: Consultation) -> None:
    await _ask_nonvoters(ask.unit, ask.about, planned, by=ask.who.id)
    decided = await outcome_of(ask.unit, ask.about, planned)
    if isinstance(decided, Waiting):
        waiting = await in_order(ask.unit, ask.about, decided.partners)
        await ask.answer(message("consult.asked_again", waiting=waiting))
    else:
        await ask.answer(message("consult.undecided"))


async def _ask_nonvoters(
    unit: Unit, case: Case, planned: Consultation, by: int | None = None
) -> None:
    for vote in await votes_of(unit, planned):
        if not vote.choices:
            await ask_times.ask(unit, case, planned, vote, loud=vote.person_id != by)


async def _say_fixed(ask: Ask, planned: Consultation) -> None:
    when = At(planned.fixed_at or ask.unit.now)
    text = message("consult.already_fixed", ref=ask.about.reference or "", when=when)
    again = Action("consult_again", Word("button.new_time"), str(row_id(planned)))
    slot = f"consult-again:{row_id(planned)}:{ask.unit.now}"
    await ask.answer(text, actions=(again,), slot=slot)
