"""A reaction was taken away: the vote that it was goes with it."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.join_case import member_row
from commands.people import row_id
from commands.permission import role_for
from commands.rows_of_consultation import vote_of
from commands.vote import choose
from storage.tables import Case, Consultation, Tap


async def take_back(ask: Ask, event_id: str) -> None:
    """Undo the vote of this reaction. Any other reaction, or one that has been overtaken by
    typed words or a fixed time, means nothing: taking it away changes votes only."""
    found = await ask.unit.session.exec(
        select(Tap).where(
            Tap.channel == ask.channel, Tap.event_id == event_id, Tap.person_id == ask.who.id
        )
    )
    tap = found.first()
    if tap is None:
        return
    await ask.unit.session.delete(tap)
    ask.case = await ask.unit.session.get(Case, tap.case_id)
    role = await role_for(ask, "member")
    planned = await ask.unit.session.get(Consultation, tap.consultation_id, with_for_update=True)
    if ask.case is None or ask.case.state != "open" or role is None:
        return
    member = await member_row(ask.unit, ask.case, ask.who.id)
    if planned is None or planned.state != "voting" or member is None:
        return
    ask.role = role
    mine = await vote_of(ask.unit, planned, member)
    left = [choice for choice in mine.choices.split() if choice != tap.choice]
    if tap.choice == "none":  # what "nothing" had pushed aside, and still stands, counts again
        left += await _standing(ask, planned)
    await choose(ask, planned, mine, left)


async def _standing(ask: Ask, planned: Consultation) -> list[str]:
    found = await ask.unit.session.exec(
        select(Tap.choice)
        .where(Tap.consultation_id == row_id(planned), Tap.person_id == ask.who.id)
        .order_by(col(Tap.id))
    )
    return list(found.all())
