"""A case room that is a topic in the region's group on Telegram (mode `thread`).

There is no joining and no history that a late one cannot read: whoever takes part and is on that
messenger is in the room from the moment that it stands.
"""

from sqlalchemy import delete, update
from sqlmodel import col, select

from commands.catch_up import catch_up
from commands.fix_consultation import ROOM_SLOT, room_text
from commands.headline import HEADLINE, headline, refresh
from commands.inventory import forget_room
from commands.join_case import reason_line
from commands.messages import message
from commands.open_room import ask_for_room
from commands.people import row_id
from commands.places import case_place
from commands.rows_of_consultation import current, is_over
from commands.rules.moments import MINUTE
from commands.seldom import not_lately
from commands.tell import tell_operators, tell_room
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Identity, Member, OutboxRow, Post

AGAIN_MS = MINUTE


async def topic_stands(unit: Unit, world: World, case: Case) -> None:
    """The topic was made, or made again: it gets what every room begins with, and how far it is."""
    again = await _let_everybody_in(unit, case)
    first = message("room.welcome_topic", *reason_line(unit, case), ref=case.reference or "")
    begins = await catch_up(unit, case) if again else first
    await tell_room(unit, case, begins, lane=outbox.ANSWERS)
    await refresh(unit, world, case)
    planned = await current(unit, case)
    if planned is not None and planned.state == "fixed" and not is_over(planned, unit.now):
        link = room_text(unit, world, case, planned)
        await tell_room(unit, case, link, slot=ROOM_SLOT, lane=outbox.ANSWERS)
    text = await headline(unit, world, case)
    await tell_room(unit, case, text, slot=HEADLINE, lane=outbox.ANSWERS)


async def _let_everybody_in(unit: Unit, case: Case) -> bool:
    """True if somebody was in before."""
    found = await unit.session.exec(
        select(Member)
        .join(Identity, col(Identity.person_id) == col(Member.person_id))
        .where(
            Member.case_id == row_id(case),
            col(Member.left_at).is_(None),
            Identity.channel == case.channel,
        )
    )
    again = False
    for member in found.all():
        again = again or member.joined_at is not None
        member.joined_at = unit.now
    return again


async def topic_is_gone(unit: Unit, case: Case) -> bool:
    """Somebody deleted it by hand. An open case gets another one; what stood is told afresh.

    False if the one before it went only just now: a group that keeps none gets no more of them.
    """
    reference = case.reference or ""
    await note(unit, BOT, "delete", "room", right="messenger", reference=reference)
    await forget_topic(unit, case)
    if case.state != "open" or await outbox.asked_for_room(unit, case_place(case)):
        return True
    again = await not_lately(unit, f"topic_gone:{row_id(case)}", AGAIN_MS)
    if again:
        await _keep_what_waits(unit, case)
        ask_for_room(unit, case, lane=outbox.PAGES)  # before all that waits to be said in it
        await tell_operators(unit, message("operator.topic_gone", ref=reference))
    return again


async def _keep_what_waits(unit: Unit, case: Case) -> None:
    """It is said in the next topic, as a whole; but not what that one begins with anyway."""
    waits = update(OutboxRow).where(
        col(OutboxRow.destination) == case_place(case), col(OutboxRow.state) == "pending"
    )
    told_afresh = col(OutboxRow.slot).in_((HEADLINE, ROOM_SLOT))
    await unit.session.exec(waits.where(told_afresh).values(state="cancelled", payload=""))
    edits = waits.where(col(OutboxRow.kind) == "edit", ~told_afresh)
    await unit.session.exec(edits.values(kind="say"))
    gone = waits.where(col(OutboxRow.kind) == "erase")
    await unit.session.exec(gone.values(state="cancelled", payload=""))


async def forget_topic(unit: Unit, case: Case) -> None:
    """Nothing stands there any more, and nothing can be changed there."""
    await forget_room(unit, case)
    await unit.session.exec(delete(Post).where(col(Post.destination) == case_place(case)))
    case.room = None
