"""How a case stands, for the people who are in it or were called."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.headline import HEADLINE, headline, refresh, with_line
from commands.join_case import invite_again, post_afresh
from commands.messages import At, Message, message
from commands.outside_room import lines_outside
from commands.people import row_id
from commands.permission import role_for
from storage.tables import Case, Page


# Two rights lead here: members see all of it, those who were called see what their page told.
@command("status", right="anyone", nl=("stand",), en=("status",), closed_too=True)
async def show_status(ask: Ask) -> None:
    """In the room the headline comes back at the bottom; in the own chat it is the answer, and
    who is in the case but not in its room is invited again."""
    if role := await role_for(ask, "member"):
        ask.role = role
        await ask.log("read", "case", right="member")
        await _show_all(ask)
    elif ask.where == "direct" and await _is_called_still(ask):
        ask.role = "called"
        await ask.log("read", "progress", right="called")
        await ask.answer(await _progress(ask))
    else:
        await ask.log("refuse", "status", right="none")
        if ask.where == "direct":
            ask.case = None  # else the answer would lead to its room
            await ask.answer(message("wrong.no_case"))


async def _show_all(ask: Ask) -> None:
    unit, world, case = ask.unit, ask.world, ask.about
    if ask.where != "case":
        if await invite_again(unit, case, ask.who):
            await ask.log("share", "case", right="member")
        call = (await lines_outside(unit, world, case)).get(ask.who.id)
        await ask.answer(with_line(await headline(unit, world, case), call))
        return
    await refresh(unit, world, case)
    await post_afresh(unit, case, HEADLINE, await headline(unit, world, case))


async def _is_called_still(ask: Ask) -> bool:
    """Who declined has given it away, and sees no more of it."""
    found = await ask.unit.session.exec(
        select(Page.id).where(
            Page.case_id == row_id(ask.about),
            Page.person_id == ask.who.id,
            col(Page.state) != "declined",
        )
    )
    return found.first() is not None


async def _progress(ask: Ask) -> Message:
    """Who has it and who not; nothing of agreements, case lead or outcome."""
    case = ask.about
    if case.state != "open":
        return _over(case)
    text = await headline(ask.unit, ask.world, case)
    lines = tuple(line for line in text.lines if not line.key.startswith("headline.agreement"))
    return Message(text.key, text.params, lines)


def _over(case: Case) -> Message:
    key = "withdraw.done" if case.state == "withdrawn" else "page.closed"
    return message(key, ref=case.reference or "", time=At(case.closed_at or 0))
