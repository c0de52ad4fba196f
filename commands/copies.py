"""A press on a message that we do not know: the messenger took it, and we never heard so.

Telegram knows no keys of ours. What it accepted just before we died, or without its answer
reaching us, stands on a phone with buttons that work, and goes out again as a possible repeat. The
press itself says what it stands under: it carries a check of its slot and its meaning (`keyboard`).
Here only, for elsewhere the same key is the same message.
"""

from typing import Any

from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, select

from commands.ask import Ask
from commands.delivered import accepted
from commands.draft import last_actions, slot_of
from commands.inventory import remember
from commands.keyboard import number_in
from commands.messages import Action, action_from, actions_from_text, actions_to_text, message
from commands.page_texts import page_actions, page_slot
from commands.people import row_id
from commands.rules.moments import MINUTE
from commands.seldom import not_lately
from commands.tell import standing
from storage import outbox
from storage.tables import Case, OutboxRow, Page, Post

LOOK_BACK = 50  # pages or alarms of one person
_OPEN_FOR_ANSWER = ("queued", "called", "seen", "expired")


async def pressed_message(ask: Ask, known: Post | None, event: str, press: str) -> Post | None:
    """The message under which this was pressed. `known` stands there as far as we know.

    Where another copy of it is known, that one shows what comes of the press, and the pressed one
    is taken away. None if nobody can tell any more: then it is said that nothing was done.
    """
    if known is not None and number_in(press, known.slot, actions_from_text(known.actions)):
        return known
    found = await _on_its_way(ask, known, event, press)
    if found is not None or known is not None:
        return found or known
    for look in (_standing_twice, _of_old_page, _of_old_draft):
        found = found or await look(ask, event, press)
    if found is None and await not_lately(ask.unit, f"unknown_press:{ask.who.id}", MINUTE):
        await ask.answer(message("wrong.unreadable"))
    return found


async def _on_its_way(ask: Ask, known: Post | None, event: str, press: str) -> Post | None:
    """It was being sent, and nobody knew whether it arrived: the press proves that it did."""
    for row in (await ask.unit.session.exec(_SENDING, params={"place": ask.place})).all():
        slot = row.slot or ""
        if known is not None and (known.slot != slot or row.kind != "edit"):
            continue
        if known is None and row.kind != "say":
            continue
        case = await ask.unit.session.get(Case, row.case_id) if row.case_id else None
        meaning: dict[str, Any] = outbox.opened(ask.unit, row, case)
        if number_in(press, slot, [action_from(each) for each in meaning["actions"]]):
            await accepted(ask.unit, ask.world, row, meaning, ask.room, (event,))
            return await standing(ask.unit, ask.place, slot)
    return None


_SENDING = (
    select(OutboxRow)
    .where(
        OutboxRow.destination == bindparam("place"),
        col(OutboxRow.slot).is_not(None),
        col(OutboxRow.kind).in_(("say", "edit")),
        or_(
            col(OutboxRow.state) == "sending",
            and_(
                col(OutboxRow.state) == "pending",
                col(OutboxRow.error).startswith(outbox.UNKNOWN),
            ),
        ),
    )
    .order_by(col(OutboxRow.id).desc())
    .with_for_update()
)


async def _standing_twice(ask: Ask, event: str, press: str) -> Post | None:
    """It was sent again, and only the later one is known."""
    asked = {"place": ask.place, "room": ask.room}
    for post in (await ask.unit.session.exec(_LIVE, params=asked)).all():
        if number_in(press, post.slot, actions_from_text(post.actions)):
            await _take_away(ask, event, post.case_id)
            return post
    return None


_LIVE = (
    select(Post)
    .where(
        Post.destination == bindparam("place"),
        Post.room == bindparam("room"),
        Post.actions != "[]",
    )
    .order_by(col(Post.id).desc())
)


async def _of_old_page(ask: Ask, event: str, press: str) -> Post | None:
    """A page that was answered meanwhile, or that nobody had to answer any more when it was to
    be sent again: the press still gets its answer."""
    for page in (await ask.unit.session.exec(_PAGES, params={"person": ask.who.id})).all():
        slot, actions = page_slot(row_id(page)), page_actions(page)
        if not any(number_in(press, of, actions) for of in (slot, f"{slot}:reminder")):
            continue
        post = await standing(ask.unit, ask.place, slot)
        if post is not None:
            await _take_away(ask, event, page.case_id)
            return post
        waits = page.state in _OPEN_FOR_ANSWER
        post = _post(ask, slot, event, actions if waits else (), page.case_id)
        ask.unit.session.add(post)
        return post
    return None


_PAGES = (
    select(Page)
    .where(Page.person_id == bindparam("person"))
    .order_by(col(Page.id).desc())
    .limit(LOOK_BACK)
)


async def _of_old_draft(ask: Ask, event: str, press: str) -> Post | None:
    """The last screen of an alarm that went on under its other message: this one, with what was
    typed in it, goes, and the press is answered with how it stands."""
    for case in (await ask.unit.session.exec(_RAISED, params={"person": ask.who.id})).all():
        slot, actions = slot_of(case), last_actions(case)
        if number_in(press, slot, actions):
            await _take_away(ask, event, case.id)
            return _post(ask, slot, event, actions, case.id)
    return None


_RAISED = (
    select(Case)
    .where(Case.initiator_id == bindparam("person"))
    .order_by(col(Case.id).desc())
    .limit(LOOK_BACK)
)


def _post(
    ask: Ask, slot: str, event: str, actions: tuple[Action, ...], case_id: int | None
) -> Post:
    return Post(
        region_id=ask.unit.region_id,
        case_id=case_id,
        channel=ask.channel,
        destination=ask.place,
        room=ask.room,
        slot=slot,
        event_id=event,
        actions=actions_to_text(actions),
        posted_at=ask.unit.now,
    )


async def _take_away(ask: Ask, event: str, case_id: int | None) -> None:
    """Never the one that is known: two presses must not take away both."""
    case = await ask.unit.session.get(Case, case_id) if case_id else None
    row = outbox.erase(
        ask.unit,
        channel=ask.channel,
        destination=ask.place,
        event_id=event,
        case=case,
    )
    await remember(ask.unit, row, ask.room, (event,), "message")
