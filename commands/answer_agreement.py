"""The owner's answers to an agreement: right, not right, done."""

from collections.abc import Sequence

from sqlmodel import col, select

from commands import measures
from commands.agreement_clocks import (
    RUNNING,
    close_questions,
    count_late,
    named,
    show_noted,
    slot_of,
)
from commands.ask import Ask
from commands.declare import command
from commands.headline import refresh
from commands.messages import Message, Partners, Word, message
from commands.people import row_id
from commands.rules.agreements import overdue
from storage.tables import Agreement
from storage.timers import cancel_timers


@command("agreement_confirm", right="member", about="agreement")
async def confirm(ask: Ask) -> None:
    """It is right: the room sees that the owner knows."""
    agreement = await agreement_pressed(ask)
    if agreement is None:
        return
    if agreement.state == "open":
        agreement.state = "confirmed"
        await ask.log("change", "agreement", right="member")
        await cancel_timers(ask.unit, slot_of(agreement), "agreement_unconfirmed")
        await show_noted(ask.unit, ask.about, agreement)
        calm = named("new", ask.about, agreement, ask.unit.now)
        asked = ("agreement_confirm",)
        await close_questions(ask.unit, ask.about, agreement, calm, but=ask.post, verbs=asked)
    await ask.settle(named("confirmed_you", ask.about, agreement, ask.unit.now))


@command("agreement_dispute", right="member", about="agreement")
async def dispute(ask: Ask) -> None:
    """It is not right: nobody is reminded of it any more, and a new one can be made."""
    agreement = await agreement_pressed(ask)
    if agreement is None:
        return
    agreement.state = "disputed"
    await ask.log("change", "agreement", right="member")
    text = named("disputed_you", ask.about, agreement, ask.unit.now)
    await _end(ask, agreement, text)
    await ask.settle(text)


@command("done", right="member", nl=("klaar",), en=("done",), takes_words=True, closed_too=True)
async def done(ask: Ask) -> None:
    """`klaar`, `klaar 2`: an agreement of the own partner is done."""
    if not await _agreements_run(ask):
        return
    found = await ask.unit.session.exec(
        select(Agreement)
        .where(Agreement.case_id == row_id(ask.about))
        .order_by(col(Agreement.number))
    )
    all_of_them = found.all()
    number = ask.words.strip().lstrip("#").rstrip(".!")
    if number.isdecimal():
        await _done_by_number(ask, all_of_them, int(number))
        return
    mine = [each for each in all_of_them if _runs(each) and _owns(ask, each)]
    if ask.words and ask.where == "case":
        return  # talk in the room that begins with this word
    if len(mine) == 1:
        await _done(ask, mine[0])
    elif not mine:
        await ask.answer(message("wrong.agreement_none"))
    else:
        text = message("wrong.agreement_which", open=_numbers(mine), example=mine[0].number)
        await ask.answer(text)


async def _done_by_number(ask: Ask, all_of_them: Sequence[Agreement], number: int) -> None:
    running = [each for each in all_of_them if _runs(each)]
    agreement = next((each for each in all_of_them if each.number == number), None)
    if agreement is not None and not _owns(ask, agreement):
        await _not_yours(ask, agreement)
    elif agreement is not None and agreement.state != "disputed":
        await _done(ask, agreement)
    elif running:
        text = message("wrong.agreement_number", number=number, open=_numbers(running))
        await ask.answer(text)
    else:
        await ask.answer(message("wrong.agreement_none"))


@command("agreement_done", right="member", about="agreement")
async def done_pressed(ask: Ask) -> None:
    """[Klaar] under a reminder."""
    agreement = await agreement_pressed(ask)
    if agreement is not None:
        await _done(ask, agreement)


async def _done(ask: Ask, agreement: Agreement) -> None:
    unit, case = ask.unit, ask.about
    if agreement.state == "done":
        await ask.settle(named("done_you", case, agreement, unit.now))
        return
    agreement.state, agreement.done_at = "done", unit.now
    await ask.log("change", "agreement", right="member")
    if overdue(agreement.due_at, unit.now):
        count_late(unit, case, agreement)
    elif not agreement.late:
        measures.record(unit, case, "agreement_done_in_time", agreement.partner)
    text = named("done_you", case, agreement, unit.now)
    await _end(ask, agreement, text)
    if ask.where != "case":  # there the agreement itself says so now
        await ask.settle(text)


async def _end(ask: Ask, agreement: Agreement, text: Message) -> None:
    """Done or not right: its clocks and questions end, the room and the headline follow."""
    await cancel_timers(ask.unit, slot_of(agreement))
    await show_noted(ask.unit, ask.about, agreement)
    await close_questions(ask.unit, ask.about, agreement, text, but=ask.post)
    await refresh(ask.unit, ask.world, ask.about)


async def agreement_pressed(ask: Ask) -> Agreement | None:
    """The agreement of a pressed button, if it still runs and is the asker's to answer."""
    number = int(ask.argument.partition(":")[0])
    agreement = await ask.unit.session.get(Agreement, number, with_for_update=True)
    if agreement is None or not await _agreements_run(ask):
        return None
    if not _owns(ask, agreement):
        await _not_yours(ask, agreement)
        return None
    if not _runs(agreement):
        key = "done_you" if agreement.state == "done" else "disputed_you"
        await ask.settle(named(key, ask.about, agreement, ask.unit.now))
        return None
    return agreement


async def _agreements_run(ask: Ask) -> bool:
    """They go on when the case is closed, not when it was withdrawn."""
    if ask.about.state in ("open", "closed"):
        return True
    await ask.settle(message("wrong.stale", state=Word(f"state.case.{ask.about.state}")))
    return False


async def _not_yours(ask: Ask, agreement: Agreement) -> None:
    partner = Partners((agreement.partner,))
    await ask.answer(message("wrong.agreement_not_yours", number=agreement.number, partner=partner))


def _runs(agreement: Agreement) -> bool:
    return agreement.state in RUNNING


def _owns(ask: Ask, agreement: Agreement) -> bool:
    return agreement.partner == ask.who.person.partner


def _numbers(agreements: Sequence[Agreement]) -> str:
    return ", ".join(str(each.number) for each in agreements)
