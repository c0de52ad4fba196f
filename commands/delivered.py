"""What follows when a messenger's server accepted something, or refused it for good."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import select

from commands.elsewhere import refused_there
from commands.erase_topic import message_erased, topic_erased
from commands.fallback_outcome import gateway_failed, gateway_took_it
from commands.files import MOST_FETCHES, file_came, file_lost
from commands.gone import BLOCKED, has_blocked
from commands.headline import refresh_soon
from commands.inventory import remember
from commands.keep_group import outsider_stays
from commands.keyboard import KEYBOARDS
from commands.messages import At, message
from commands.people import by_id, row_id
from commands.places import FALLBACK, case_place, is_topic, person_in, sort_of_place
from commands.room_delivered import room_refused, room_stands
from commands.roster.take_file import Understood
from commands.roster.watch import look_soon
from commands.rows_of_chain import state_of
from commands.rules import paging
from commands.run_chain import ChainRun, load_page
from commands.tell import standing, tell_operators
from commands.unsigned_devices import unsigned_found
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Case, GroupRoom, Identity, OutboxRow, Post

_IN_NEXT_ROOM = 3  # attempts


async def accepted(
    unit: Unit,
    world: World,
    row: OutboxRow,
    meaning: Mapping[str, Any],
    room: str,
    ids: Sequence[str],
    *,
    remains: Sequence[str] = (),
    understood: Understood | None = None,
) -> None:
    """Their server has it: the page is *called*, the message stands, the room exists.

    remains: what the messenger did not let us erase. understood: what a fetched file says.
    """
    case = await unit.session.get(Case, row.case_id) if row.case_id else None
    if row.state == "sent":  # a press under it came before the server's answer (`copies`)
        if row.sent_as not in ids:  # else it was marked, and only the word of that was lost
            await _take_away_repeat(unit, row, ids, case)
        return
    match row.kind:
        case "open_room":
            await _room_exists(unit, world, row, case, ids[0])
        case "say" if row.channel == FALLBACK:
            await gateway_took_it(unit, world, row)
            await remember(unit, row, room, ids, "message")
        case "say":
            # Nothing that is asked here is about another row: all are written at the end.
            with unit.session.no_autoflush:
                await _message_stands(unit, row, meaning, room, ids[0], case)
                if row.page_id is not None:
                    await _page_called(unit, world, row.page_id)
        case "edit":
            await _edit_stands(unit, row, meaning, room, ids, case)
            await remember(unit, row, room, ids, "message")
        case "buttons":
            await _buttons_stand(unit, row, meaning, ids)
            await remember(unit, row, room, ids, "reaction")
        case "file" | "picture":
            await remember(unit, row, room, ids, "file")
        case "fetch":
            await file_came(unit, world, row, understood)
        case "unsigned":
            await unsigned_found(unit, row, ids, case)
        case "erase" if case is not None and is_topic(case):
            await message_erased(unit, row, case, meaning["event_id"], stays=bool(remains))
        case "erase_room" if case is not None:
            await topic_erased(unit, case)
    outbox.finish(unit, row, "sent")
    row.sent_as = ids[0] if ids else None


async def message_stands(
    unit: Unit, row: OutboxRow, meaning: Mapping[str, Any], room: str, ids: Sequence[str]
) -> None:
    """Only that, where the rest of what follows failed: it is read, so its buttons must work."""
    if row.kind == "say":
        case = await unit.session.get(Case, row.case_id) if row.case_id else None
        await _message_stands(unit, row, meaning, room, ids[0], case)
    elif row.kind == "fetch":
        await file_lost(unit, row)


async def put_off(
    unit: Unit, world: World, row: OutboxRow, reason: str, *, unknown: bool = False
) -> None:
    """Not now: it goes again, but nobody is left waiting long for an answer to a file."""
    if row.kind == "fetch" and row.attempts >= MOST_FETCHES:
        await refused(unit, world, row, reason)
    else:
        outbox.put_back(row, reason, unknown=unknown)


async def refused(
    unit: Unit, world: World, row: OutboxRow, reason: str, *, gone: bool = False
) -> None:
    """Will never arrive: the operator hears it, and a page's chain goes on at once.

    gone: the room itself is not there any more.
    """
    if reason == BLOCKED and row.kind == "say" and await has_blocked(unit, world, row):
        return
    if row.kind == "probe":  # nobody waits for it; what it found out is told
        if await has_blocked(unit, world, row):
            look_soon(unit)  # a shift of theirs is a gap
        outbox.finish(unit, row, "failed", reason)
        return
    if gone and _goes_on(row):
        outbox.put_back(row, reason)
    else:
        outbox.finish(unit, row, "failed", reason)
    if row.channel == FALLBACK:
        await gateway_failed(unit, world, row)
        return
    if row.kind == "fetch":
        await file_lost(unit, row, reason)
    if row.page_id is not None and row.kind == "say":
        await refused_there(unit, world, row.page_id, row.destination)
    if row.kind == "remove" and sort_of_place(row.destination) == "group":
        await outsider_stays(unit)
    if sort_of_place(row.destination) == "case":
        await room_refused(unit, world, row, gone=gone)
    person_id = person_in(row.destination)
    if row.kind in ("say", "open_room", "invite", "file", "picture") and person_id is not None:
        person = await by_id(unit, person_id)
        if not person.has_role("operator"):
            text = message("operator.not_delivered", label=person.label, time=At(unit.now))
            await tell_operators(unit, text)


def _goes_on(row: OutboxRow) -> bool:
    """What could not be said in a room that is gone is said in the next one, if there is one. A
    messenger to which rooms are always gone does not get the same for ever."""
    said = row.kind in ("say", "edit", "file") and row.attempts < _IN_NEXT_ROOM
    return said and sort_of_place(row.destination) == "case"


async def _room_exists(
    unit: Unit, world: World, row: OutboxRow, case: Case | None, room: str
) -> None:
    person_id = person_in(row.destination)
    if case is not None:
        await room_stands(unit, world, row, case, room)
    elif person_id is not None:
        found = await unit.session.exec(
            select(Identity).where(Identity.person_id == person_id, Identity.channel == row.channel)
        )
        found.one().direct_room = room
    elif sort_of_place(row.destination) == "group":
        await unit.session.merge(GroupRoom(channel=row.channel, address=room))


async def _message_stands(
    unit: Unit,
    row: OutboxRow,
    meaning: Mapping[str, Any],
    room: str,
    event_id: str,
    case: Case | None,
) -> None:
    await remember(unit, row, room, (event_id,), "message")
    if row.slot is None:
        return
    post = await standing(unit, row.destination, row.slot)
    if post is None:
        post = Post(
            region_id=unit.region_id,
            channel=row.channel,
            destination=row.destination,
            room=room,
            slot=row.slot,
            event_id=event_id,
            posted_at=unit.now,
        )
        unit.session.add(post)
    elif case is not None and row.destination == case_place(case) and post.event_id != event_id:
        _take_away_older(unit, row, post.event_id, case)
    post.event_id, post.room, post.case_id = event_id, room, row.case_id
    post.actions = json.dumps(meaning["actions"])
    post.reactions = "[]"
    _set_buttons(unit, row, meaning, post, case)


async def _take_away_repeat(
    unit: Unit, row: OutboxRow, ids: Sequence[str], case: Case | None
) -> None:
    """It was answered while it went out once more: that one needs no answer."""
    post = await standing(unit, row.destination, row.slot or "")
    if row.kind == "say" and (post is None or post.event_id != ids[0]):
        _take_away_older(unit, row, ids[0], case)


def _take_away_older(unit: Unit, row: OutboxRow, event_id: str, case: Case | None) -> None:
    """Posted afresh while the older one was on its way: two headlines would stand, one lying."""
    outbox.erase(
        unit,
        channel=row.channel,
        destination=row.destination,
        event_id=event_id,
        case=case,
    )


async def _edit_stands(
    unit: Unit,
    row: OutboxRow,
    meaning: Mapping[str, Any],
    room: str,
    ids: Sequence[str],
    case: Case | None,
) -> None:
    """From now on the buttons of this edit are the ones that count."""
    post = await standing(unit, row.destination, row.slot or "")
    if post is None:
        return
    post.actions = json.dumps(meaning["actions"])
    if row.channel in KEYBOARDS and ids[0] != post.event_id:
        # it was said anew: the group moved, or somebody deleted the message
        post.room, post.event_id = room, ids[0]
    _set_buttons(unit, row, meaning, post, case)


def _set_buttons(
    unit: Unit, row: OutboxRow, meaning: Mapping[str, Any], post: Post, case: Case | None
) -> None:
    """Buttons follow in a row of their own: the words of a page never wait for them. Where they
    are a part of the message they are there already."""
    if row.channel in KEYBOARDS:
        return
    if not meaning["actions"] and post.reactions == "[]":
        return
    outbox.queue(
        unit,
        channel=row.channel,
        destination=row.destination,
        kind="buttons",
        payload={"actions": meaning["actions"]},
        lane=outbox.ANSWERS,
        slot=row.slot,
        case=case,
    )


async def _buttons_stand(
    unit: Unit, row: OutboxRow, meaning: Mapping[str, Any], ids: Sequence[str]
) -> None:
    post = await standing(unit, row.destination, row.slot or "")
    if post is not None:
        pairs = zip(meaning["signs"], ids, strict=True)
        post.reactions = json.dumps([[sign, event_id] for sign, event_id in pairs])


async def _page_called(unit: Unit, world: World, page_id: int) -> None:
    found = await load_page(unit, page_id)
    if found is None:
        return
    page, chain, case = found
    decided = paging.called(await state_of(unit, case, chain), row_id(page), unit.now)
    await ChainRun(unit, world, case, chain).apply(decided)
    if decided:
        await refresh_soon(unit, case)
