"""More time for an agreement: until when, typed in the direct chat or tapped."""

import re

from sqlmodel import col, select

from commands.agreement_clocks import (
    close_questions,
    is_it_done,
    named,
    reminder,
    set_clocks,
    show_noted,
)
from commands.answer_agreement import agreement_pressed
from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Message, Named, Word, message
from commands.people import row_id
from commands.perform import choose
from commands.reading.deadline import Deadline, read_deadline
from commands.rules.moments import local
from config.wording import capital, clock
from storage.tables import Agreement, Post

_UNTIL = re.compile(r"\s*(?:tot|until|till)\s+", re.IGNORECASE)


@command("agreement_more_time", right="member", about="agreement")
async def more_time(ask: Ask) -> None:
    """[Meer tijd]: this message asks until when, and stays open for a typed time."""
    agreement = await agreement_pressed(ask)
    if agreement is not None:
        await _ask_until_when(ask, agreement)


async def _ask_until_when(ask: Ask, agreement: Agreement) -> None:
    back = Action("agreement_until", Word("button.back"), str(row_id(agreement)), stop=True)
    await ask.settle(named("until_when", ask.about, agreement, ask.unit.now), (back,))


@command("agreement_until", right="member", about="agreement")
async def back(ask: Ask) -> None:
    """[Terug]: the reminder as it was."""
    agreement = await agreement_pressed(ask)
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
            Post.destination == ask.own_chat,
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
    """A text that is a time and nothing else: `20:00`, `tot morgen 12:00`, `vóór vr 18:00`."""
    bare = _UNTIL.sub("", text)
    for line in (bare, f"uiterlijk {bare}"):
        left, deadline = read_deadline(line, now)
        if deadline is not None and not left:
            return deadline
    return None


@command("agreement_past", right="member", about="agreement")
async def move_to_past(ask: Ask) -> None:
    """The typed time is behind us: the day after is proposed."""
    agreement = await agreement_pressed(ask)
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
    agreement = await agreement_pressed(ask)
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
