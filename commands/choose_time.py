"""When the vote cannot settle it, one person chooses: the initiator, or the case lead."""

from commands.ask import Ask
from commands.declare import command
from commands.fix_consultation import choice_slot, fix
from commands.members import leading
from commands.messages import Action, At, Message, Param, Span, Word, actions_to_text, message
from commands.people import row_id
from commands.present_consultation import still
from commands.rows_of_consultation import in_order, outcome_of, votes_of
from commands.rules.slots import NothingFits, Waiting
from commands.tell import How, posts_for, show_person, stands_for, tell_person
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Consultation

_BEST, _LATE, _NOW = "1", "2", "3"


async def offer(unit: Unit, case: Case, planned: Consultation) -> None:
    """Ring whoever chooses, once; later changes of the choice are edits."""
    text, actions = await choices(unit, case, planned)
    slot = choice_slot(planned)
    for person_id in await leading(unit, case):
        posts = await posts_for(unit, person_id, slot)
        if not posts and not await stands_for(unit, person_id, slot):
            how = How(loud=True, lane=outbox.ANSWERS, case=case)
            await tell_person(unit, person_id, text, actions=actions, slot=slot, how=how)
        elif any(post.actions != actions_to_text(actions) for post in posts) or not posts:
            how = How(lane=outbox.ANSWERS, case=case)
            await show_person(unit, person_id, slot, text, actions=actions, how=how)


async def choices(
    unit: Unit, case: Case, planned: Consultation
) -> tuple[Message, tuple[Action, ...]]:
    """The best slot without who is missing, the first moment after the limit, or now."""
    decided = await outcome_of(unit, case, planned)
    silent = decided.partners if isinstance(decided, Waiting) else ()
    counted = await outcome_of(unit, case, planned, silence_is_no=True)
    if not isinstance(counted, NothingFits):
        raise TypeError("a vote that is settled leaves nothing to choose")
    number = row_id(planned)
    key = "consult.no_vote" if silent else "consult.nothing_fits"
    late_by = Span(counted.late - (case.consult_by or unit.now))
    params: dict[str, Param] = {
        "ref": case.reference or "",
        "partner": await in_order(unit, case, silent or counted.missing),
        "second": At(counted.late),
        "late": late_by,
    }
    actions = (
        Action("consult_choose", At(counted.late), f"{number}:{_LATE}:{counted.late}"),
        Action("consult_choose", Word("button.now"), f"{number}:{_NOW}:"),
    )
    everybody = {vote.partner for vote in await votes_of(unit, planned)}
    if counted.best is None or everybody <= set(counted.missing):
        return message(f"{key}_late", **params), actions
    best = Action("consult_choose", At(counted.best), f"{number}:{_BEST}:{counted.best}")
    return message(key, **params, first=At(counted.best)), (best, *actions)


@command("consult_choose", right="lead", about="consultation")
async def consult_choose(ask: Ask) -> None:
    """One of the three: the time is fixed with it."""
    planned = await still(ask, "voting")
    if planned is None:
        return
    _, which, moment = ask.argument.split(":")
    at = ask.unit.now if which == _NOW else int(moment)
    if at < ask.unit.now:  # it stood too long: the same question with what is left
        await ask.settle(*await choices(ask.unit, ask.about, planned))
        return
    await ask.log("change", "consultation", right="lead")
    await fix(ask.unit, ask.world, ask.about, planned, at, by=ask.who.id)
