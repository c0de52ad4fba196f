"""What every end of a case does: nobody is called any more, no clock rings, no button lies."""

from sqlalchemy import update
from sqlmodel import col, or_, select

from commands.ask import Ask
from commands.erase_topic import erase_later
from commands.headline import HEADLINE
from commands.messages import Message, Word, message
from commands.page_texts import page_slot
from commands.people import row_id
from commands.places import person_in, sort_of_place
from commands.rows_of_chain import chains_of, pages_of, state_of
from commands.rules import paging
from commands.run_chain import ChainRun
from commands.tell import How, show_person, show_room, was_sent
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Case, OutboxRow, Post
from storage.timers import cancel_case_timers

_GOES_ON = "agreement"  # the slots and timers of agreements, which outlive the closing


async def still_open(ask: Ask) -> bool:
    """True for an open case; else the asker hears how it stands now."""
    if ask.about.state == "open":
        return True
    await ask.settle(message("wrong.stale", state=Word(f"state.case.{ask.about.state}")))
    return False


async def end_case(unit: Unit, world: World, case: Case, state: str, told: Message) -> None:
    """Close or withdraw an open case. What still asks something in it becomes `told`.

    A closed case keeps the clocks and questions of its agreements; a withdrawn one does not.
    """
    goes_on = state == "closed"
    for chain in await chains_of(unit, case):
        over = paging.case_over(await state_of(unit, case, chain))
        await ChainRun(unit, world, case, chain).apply(over)
    case.state = state
    case.closed_at = unit.now
    case.version += 1
    await cancel_case_timers(unit, row_id(case), but=_GOES_ON if goes_on else None)
    await _cancel_unsent(unit, case, goes_on=goes_on)
    for destination, slot in await _questions(unit, case, goes_on=goes_on):
        person_id = person_in(destination)
        if person_id is not None:
            how = How(lane=outbox.REST, case=case)
            await show_person(unit, person_id, slot, told, how=how)
        elif sort_of_place(destination) == "case":
            await show_room(unit, case, slot, told)
    await erase_later(unit, world, case)


async def reached(unit: Unit, case: Case) -> tuple[int, ...]:
    """Everybody whose page was sent, or is on its way; each once."""
    people: dict[int, None] = {}
    for chain in await chains_of(unit, case):
        for page in await pages_of(unit, chain):
            if await was_sent(unit, page.person_id, page_slot(row_id(page))):
                people[page.person_id] = None
    return tuple(people)


async def _cancel_unsent(unit: Unit, case: Case, *, goes_on: bool) -> None:
    """A question about this case that was not asked yet is not asked any more."""
    unsent = (
        update(OutboxRow)
        .where(
            col(OutboxRow.case_id) == row_id(case),
            col(OutboxRow.state) == "pending",
            col(OutboxRow.kind) == "say",
            col(OutboxRow.slot).is_not(None),
            col(OutboxRow.destination).startswith("person:"),
            ~col(OutboxRow.slot).startswith("alarm:"),
        )
        .values(state="cancelled", payload="")
    )
    if goes_on:
        unsent = unsent.where(~col(OutboxRow.slot).startswith(_GOES_ON))
    await unit.session.exec(unsent)


async def _questions(unit: Unit, case: Case, *, goes_on: bool) -> list[tuple[str, str]]:
    """Destination and slot of every page, of what has buttons, and of what is being sent now."""
    posts = await unit.session.exec(
        select(Post.destination, Post.slot).where(
            Post.case_id == row_id(case),
            or_(Post.actions != "[]", col(Post.slot).startswith("page:")),
        )
    )
    sending = await unit.session.exec(
        select(OutboxRow.destination, OutboxRow.slot).where(
            OutboxRow.case_id == row_id(case),
            OutboxRow.state == "sending",
            OutboxRow.kind == "say",
            col(OutboxRow.slot).is_not(None),
            col(OutboxRow.destination).startswith("person:"),
        )
    )
    found = dict.fromkeys((where, slot or "") for where, slot in (*posts, *sending))
    kept = ("alarm:", HEADLINE) + ((_GOES_ON,) if goes_on else ())
    return [(where, slot) for where, slot in found if not slot.startswith(kept)]
