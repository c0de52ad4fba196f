"""The owner's answers to an agreement: right or not, done, more time."""

from collections.abc import Sequence

from sqlmodel import col, select

from commands import measures
from commands.agreement_clocks import (
    RUNNING,
    close_questions,
    count_late,
    is_it_done,
    named,
    reminder,
    set_clocks,
    show_noted,
    slot_of,
)
from commands.ask import Ask
from commands.declare import command
from commands.headline import refresh
from commands.messages import Action, At, Message, Named, Partners, Word, message
from commands.people import row_id
from commands.perform import choose
from commands.reading.deadline import Deadline, read_deadline
from commands.rules.agreements import overdue
from commands.rules.moments import local
from commands.tell import person_place
from config.wording import capital, clock
from storage.tables import Agreement, Post
from storage.timers import cancel_timers


@command("agreement_confirm", right="member", about="agreement")
async def confirm(ask: Ask) -> None:
    """It is right: the room sees that the owner knows."""
    agreement = await _pressed(ask)
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
    agreement = await _pressed(ask)
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
    agreement = await _pressed(ask)
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
    await ask.settle(text)


async def _end(ask: Ask, agreement: Agreement, text: Message) -> None:
    """Done or not right: its clocks and questions end, the room and the headline follow."""
    await cancel_timers(ask.unit, slot_of(agreement))
    await show_noted(ask.unit, ask.about, agreement)
    await close_questions(ask.unit, ask.about, agreement, text, but=ask.post)
    await refresh(ask.unit, ask.world, ask.about)


@command("agreement_more_time", right="member", about="agreement")
async def more_time(ask: Ask) -> None:
    """[Meer tijd]: this message asks until when, and stays open for a typed time."""
    agreement = await _pressed(ask)
    if agreement is not None:
        await _ask_until_when(ask, agreement)


async def _ask_until_when(ask: Ask, agreement: Agreement) -> None:
    back = Action("agreement_until", Word("button.back"), str(row_id(agreement)), stop=True)
    await ask.settle(named("until_when", ask.about, agreement, ask.unit.now), (back,))


@command("agreement_until", right="member", about="agreement")
async def back(ask: Ask) -> None:
    """[Terug]: the reminder as it was."""
    agreement = await _pressed(ask)
    if agreement is not None:
        await ask.settle(reminder(ask.unit, ask.about, agreement), is_it_done(agreement))


async def take_typed_deadline(ask: Ask) -> bool:
    """Where "tot wanneer?" stands in this chat, a typed time answers it. True if it did."""
    deadline = _whole_text(ask.words, ask.unit.now)
    if deadline is None:
        return False
    found = await ask.unit.session.exec(
        select(Post)
        .where(
            Post.destination == person_place(ask.who.id),
            Post.room == ask.room,
            col(Post.actions).contains("agreement_until", autoescape=True),
        )
        .order_by(col(Post.posted_at).desc(), col(Post.id).desc())
    )
    posts = found.all()
    if not posts:
        return False
    replied = [post for post in posts if ask.post is not None and post.id == ask.post.id]
    ask.post = (replied or posts)[0]
    number = ask.post.slot.split(":")[1]
    verb = "agreement_past" if deadline.past else "agreement_move"
    await choose(ask, Action(verb, "", f"{number}:{deadline.at_ms}"))
    return True


def _whole_text(text: str, now: int) -> Deadline | None:
    """A text that is a time and nothing else: `20:00`, `morgen 12:00`, `vóór vr 18:00`."""
    for line in (text, f"uiterlijk {text}"):
        left, deadline = read_deadline(line, now)
        if deadline is not None and not left:
            return deadline
    return None


@command("agreement_past", right="member", about="agreement")
async def move_to_past(ask: Ask) -> None:
    """The typed time is behind us: the day after is proposed."""
    agreement = await _pressed(ask)
    if agreement is None:
        return
    later = int(ask.argument.partition(":")[2])
    number = str(row_id(agreement))
    actions = (
        Action("agreement_move", later_button(later, ask.unit.now), f"{number}:{later}"),
        Action("agreement_more_time", Word("button.other_time"), number, stop=True),
    )
    await ask.settle(past(later), actions)


@command("agreement_move", right="member", about="agreement")
async def move(ask: Ask) -> None:
    """The owner sets a later deadline, and with it says that the agreement is right."""
    agreement = await _pressed(ask)
    if agreement is None:
        return
    due_at = int(ask.argument.partition(":")[2])
    if due_at <= ask.unit.now:
        await _ask_until_when(ask, agreement)
        return
    agreement.due_at, agreement.state = due_at, "confirmed"
    await ask.log("change", "agreement", right="member")
    await set_clocks(ask.unit, agreement)
    await show_noted(ask.unit, ask.about, agreement)
    text = named("moved", ask.about, agreement, ask.unit.now)
    await close_questions(ask.unit, ask.about, agreement, text, but=ask.post)
    await ask.settle(text)


def past(later: int) -> Message:
    """This time is over; `later` (UTC epoch milliseconds) is its next one."""
    return message("wrong.past", time=f"{local(later):%H:%M}", suggestion=At(later))


def later_button(later: int, now: int) -> Named:
    """The words on the button that proposes it: "Za 13:00"."""
    return Named(capital(clock(later, now, "nl")), capital(clock(later, now, "en")))


async def _pressed(ask: Ask) -> Agreement | None:
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
