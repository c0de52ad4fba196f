"""`afspraak politie: sporen veiligstellen vóór 18:00`: who does what before when."""

import json

from sqlmodel import func, select

from commands import measures
from commands.agreement_clocks import (
    is_it_right,
    named,
    noted,
    owners,
    set_clocks,
    slot_of,
)
from commands.answers import guard_message, guarded, take_line_away
from commands.ask import Ask
from commands.declare import command
from commands.end_case import still_open
from commands.headline import refresh
from commands.members import partner_words, partners_of
from commands.messages import Action, Message, Partners, Word, message
from commands.move_deadline import later_button, past, take_typed_deadline
from commands.outside_room import lines_outside
from commands.people import row_id
from commands.reading.agreement_line import read_agreement
from commands.tell import How, tell_person, tell_room
from storage import outbox
from storage.tables import Agreement, Case

__all__ = ["agree", "take_typed_deadline"]


@command("agreement", right="member", nl=("afspraak",), en=("agreement",), takes_words=True)
async def agree(ask: Ask) -> None:
    """Note an agreement, or say what the line lacks."""
    if not await still_open(ask):
        return
    if ask.words:
        take_line_away(ask)
    # With the command word in front, so that "woord 4" is the fourth word of what was typed.
    typed = f"afspraak {ask.words}"
    hits = guarded(ask, typed)
    if hits:
        await ask.answer(guard_message("guard.text", typed, hits))
        return
    read = read_agreement(ask.words, partner_words(ask.world), ask.unit.now)
    known = await partners_of(ask.unit, ask.world, ask.about)
    if read.unknown_partner or (read.partner and read.partner not in known):
        await ask.answer(message("wrong.partner", partners=Partners(known)))
    elif read.partner is None or not read.text or read.deadline is None:
        await ask.answer(message("wrong.agreement"))
    elif read.deadline.past:
        await _ask_which_day(ask, read.partner, read.text, read.deadline.at_ms)
    else:
        await _make(ask, read.partner, read.text, read.deadline.at_ms)


async def _ask_which_day(ask: Ask, partner: str, text: str, later: int) -> None:
    case = ask.about
    sealed = ask.unit.vault.seal(json.dumps([partner, text]), case.wrapped_key)
    number = row_id(case)
    await ask.answer(
        past(later),
        actions=(
            Action(
                "agreement_later", later_button(later, ask.unit.now), f"{number}:{later}:{sealed}"
            ),
            Action("agreement_again", Word("button.other_time"), str(number), stop=True),
        ),
        slot=f"past:{ask.unit.now}",
    )


@command("agreement_later", right="member")
async def agree_later(ask: Ask) -> None:
    """Yes, the day after: the line counts with that deadline."""
    if not await still_open(ask):
        return
    _, due, sealed = ask.argument.split(":", 2)
    if int(due) <= ask.unit.now:
        await ask.settle(message("wrong.agreement"))
        return
    partner, text = json.loads(ask.unit.vault.unseal(sealed, ask.about.wrapped_key))
    await ask.settle(message("wrong.chosen"))
    await _make(ask, partner, text, int(due))


@command("agreement_again", right="member")
async def agree_again(ask: Ask) -> None:
    """Another time: how to write it."""
    await ask.settle(message("wrong.agreement"))


async def _make(ask: Ask, partner: str, text: str, due_at: int) -> None:
    unit, case = ask.unit, ask.about
    agreement = Agreement(
        case_id=row_id(case),
        number=await _next_number(ask, case),
        partner=partner,
        text=unit.vault.seal(text.rstrip(" ."), case.wrapped_key),
        due_at=due_at,
        created_at=unit.now,
    )
    unit.session.add(agreement)
    await unit.session.flush()
    await ask.log("create", "agreement", right="member")
    measures.record(unit, case, "agreement_made", partner)
    await tell_room(
        unit, case, noted(unit, case, agreement), slot=slot_of(agreement), lane=outbox.ANSWERS
    )
    new = named("new", case, agreement, unit.now)
    calls = await lines_outside(unit, ask.world, case)
    to_confirm = await owners(unit, case, partner)
    for person_id in to_confirm:
        await tell_person(
            unit,
            person_id,
            _without_room(new, calls.get(person_id)),
            actions=is_it_right(agreement),
            slot=slot_of(agreement),
            how=How(case=case),
        )
    if ask.where != "case" and ask.who.id not in to_confirm:
        await ask.answer(_without_room(new, calls.get(ask.who.id)))
    await set_clocks(unit, agreement)
    await refresh(unit, ask.world, case)


def _without_room(new: Message, call: Message | None) -> Message:
    """What was agreed is read in the room; who is outside reads whom to call instead."""
    return new if call is None else Message("agreement.new_outside", new.params, (call,))


async def _next_number(ask: Ask, case: Case) -> int:
    """The case row is locked: two agreements at one time get two numbers."""
    await ask.unit.session.exec(select(Case.id).where(Case.id == case.id).with_for_update())
    found = await ask.unit.session.exec(
        select(func.max(Agreement.number)).where(Agreement.case_id == row_id(case))
    )
    return (found.one() or 0) + 1
