"""Typed words that wait, sealed, under a question of the bot: which one, did you mean, is it
the same. An answer takes them away; without an answer they are forgotten after a day."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.messages import message
from commands.rules.moments import DAY
from commands.tell import amend, payload, standing
from storage import outbox
from storage.store import Unit
from storage.tables import Case, TimerRow
from storage.timers import set_timer

KEPT_MS = DAY
_KIND = "words_forget"


def keep_a_day(ask: Ask, slot: str) -> None:
    """The question in this slot of the asker's chat holds words: set the clock that ends it."""
    set_timer(ask.unit, _KIND, ask.own_chat, ask.unit.now + KEPT_MS, argument=slot)


async def forget_words(unit: Unit, place: str, slot: str) -> None:
    """Nobody answered: the words go, and the message says that nothing was done."""
    if await _asked_again(unit, place, slot):
        return
    post = await standing(unit, place, slot)
    unsent = await outbox.waiting(unit, place, slot)
    holder = post or unsent
    if holder is None or (post is not None and post.actions == "[]"):
        return
    case = await unit.session.get(Case, holder.case_id) if holder.case_id else None
    text = message("wrong.forgotten")
    if post is not None:
        await amend(unit, post, text, (), case)
    elif unsent is not None:
        outbox.overwrite(unit, unsent, payload(text), case)


async def _asked_again(unit: Unit, place: str, slot: str) -> bool:
    """A newer question stands in the same slot: it has a clock of its own."""
    await unit.write()
    found = await unit.session.exec(
        select(TimerRow.id).where(
            TimerRow.subject == place,
            TimerRow.state == "live",
            TimerRow.kind == _KIND,
            col(TimerRow.argument) == slot,
        )
    )
    return found.first() is not None
