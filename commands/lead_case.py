"""`regie politie`: which partner leads the case."""

from commands.ask import Ask
from commands.declare import command
from commands.end_case import still_open
from commands.headline import refresh
from commands.members import partner_words, partners_there
from commands.messages import Action, At, Message, Partners, message
from commands.people import row_id
from commands.reading.words import phrase
from commands.tell import tell_room
from storage import outbox


@command("lead", right="member", nl=("regie",), en=("lead",), takes_words=True)
async def lead(ask: Ask) -> None:
    """Give the lead to a partner that is in the case; without a word, say who has it and ask."""
    if not await still_open(ask):
        return
    there = await partners_there(ask.unit, ask.world, ask.about)
    if not ask.words.strip(" :"):
        await _ask_who(ask, there)
        return
    meant = _partner(ask)
    if meant in there:
        await _set(ask, meant)
    else:
        await ask.answer(message("wrong.partner", partners=Partners(there)))


@command("lead_pick", right="member")
async def pick_lead(ask: Ask) -> None:
    """A partner was tapped."""
    if not await still_open(ask):
        return
    partner = ask.argument.partition(":")[2]
    there = await partners_there(ask.unit, ask.world, ask.about)
    if partner in there:
        await _set(ask, partner)
    else:
        await ask.settle(message("wrong.partner", partners=Partners(there)))


async def _ask_who(ask: Ask, there: tuple[str, ...]) -> None:
    number = row_id(ask.about)
    question = message("lead.who")
    if ask.about.lead is not None:
        now = message(
            "lead.now", question, ref=ask.about.reference or "", partner=Partners((ask.about.lead,))
        )
        question = now
    buttons = tuple(
        Action("lead_pick", Partners((partner,)), f"{number}:{partner}") for partner in there
    )
    await ask.answer(question, actions=buttons, slot=f"lead:{number}")


async def _set(ask: Ask, partner: str) -> None:
    case = ask.about
    if case.lead != partner:
        case.lead = partner
        case.version += 1
        await ask.log("change", "case_lead", right="member")
        await refresh(ask.unit, ask.world, case)
    text = _is_set(ask, partner)
    if ask.where != "case":
        await tell_room(ask.unit, case, text, lane=outbox.ANSWERS)
    await ask.settle(text)


def _is_set(ask: Ask, partner: str) -> Message:
    return message(
        "lead.set",
        ref=ask.about.reference or "",
        partner=Partners((partner,)),
        time=At(ask.unit.now),
    )


def _partner(ask: Ask) -> str | None:
    typed = phrase(ask.words)
    for partner in partner_words(ask.world):
        if typed in {phrase(word) for word in (partner.key, *partner.words)}:
            return partner.key
    return None
