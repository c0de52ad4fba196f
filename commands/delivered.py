"""What follows when a messenger's server accepted something, or refused it for good."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from commands.after_change import after_change, go_on_without
from commands.keyboard import KEYBOARDS
from commands.messages import At, message
from commands.people import by_id, row_id
from commands.places import case_place, person_in, sort_of_place
from commands.rows_of_chain import state_of
from commands.rules import paging
from commands.run_chain import ChainRun, load_page
from commands.tell import standing, tell_operators
from commands.unsigned_devices import unsigned_found
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Case, GroupRoom, Identity, InventoryItem, OutboxRow, Post


async def accepted(
    unit: Unit,
    world: World,
    row: OutboxRow,
    meaning: Mapping[str, Any],
    room: str,
    ids: Sequence[str],
) -> None:
    """Their server has it: the page is *called*, the message stands, the room exists."""
    case = await unit.session.get(Case, row.case_id) if row.case_id else None
    match row.kind:
        case "open_room":
            await _room_exists(unit, row, case, ids[0])
        case "say":
            await _message_stands(unit, row, meaning, room, ids[0], case)
            if row.page_id is not None:
                await _page_called(unit, world, row.page_id)
        case "edit":
            await _actions_stand(unit, row, meaning)
            await _set_buttons(unit, row, meaning, case)
            await remember(unit, row, room, ids, "message")
        case "buttons":
            await _buttons_stand(unit, row, meaning, ids)
            await remember(unit, row, room, ids, "reaction")
        case "file":
            await remember(unit, row, room, ids, "file")
        case "unsigned":
            await unsigned_found(unit, row, ids, case)
    outbox.finish(unit, row, "sent")


async def message_stands(
    unit: Unit, row: OutboxRow, meaning: Mapping[str, Any], room: str, ids: Sequence[str]
) -> None:
    """Only that, where the rest of what follows failed: it is read, so its buttons must work."""
    if row.kind == "say":
        case = await unit.session.get(Case, row.case_id) if row.case_id else None
        await _message_stands(unit, row, meaning, room, ids[0], case)


async def refused(unit: Unit, world: World, row: OutboxRow, reason: str) -> None:
    """Will never arrive: the operator hears it, and a page's chain goes on at once."""
    outbox.finish(unit, row, "failed", reason)
    if row.page_id is not None and row.kind == "say":
        await go_on_without(unit, world, row.page_id)
    if row.kind in ("open_room", "invite") and sort_of_place(row.destination) == "case":
        await _room_refused(unit, row)
    person_id = person_in(row.destination)
    if row.kind in ("say", "open_room", "invite", "file") and person_id is not None:
        person = await by_id(unit, person_id)
        if not person.has_role("operator"):
            text = message("operator.not_delivered", label=person.label, time=At(unit.now))
            await tell_operators(unit, text)


async def _room_refused(unit: Unit, row: OutboxRow) -> None:
    """Without a room, or without somebody in it, a case must go on by telephone."""
    case = await unit.session.get(Case, row.case_id)
    if case is not None:
        text = message("operator.not_delivered", label=case.reference or "", time=At(unit.now))
        await tell_operators(unit, text)


async def _room_exists(unit: Unit, row: OutboxRow, case: Case | None, room: str) -> None:
    person_id = person_in(row.destination)
    if case is not None:
        case.room = room
        await remember(unit, row, room, ("",), "room")
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
    await _set_buttons(unit, row, meaning, case)


def _take_away_older(unit: Unit, row: OutboxRow, event_id: str, case: Case) -> None:
    """Posted afresh while the older one was on its way: two headlines would stand, one lying."""
    outbox.queue(
        unit,
        channel=row.channel,
        destination=row.destination,
        kind="erase",
        payload={"event_id": event_id},
        lane=outbox.REST,
        case=case,
    )


async def _actions_stand(unit: Unit, row: OutboxRow, meaning: Mapping[str, Any]) -> None:
    """From now on the buttons of this edit are the ones that count."""
    post = await standing(unit, row.destination, row.slot or "")
    if post is not None:
        post.actions = json.dumps(meaning["actions"])


async def _set_buttons(
    unit: Unit, row: OutboxRow, meaning: Mapping[str, Any], case: Case | None
) -> None:
    """Buttons follow in a row of their own: the words of a page never wait for them. Where they
    are a part of the message they are there already."""
    if row.channel in KEYBOARDS:
        return
    post = await standing(unit, row.destination, row.slot or "")
    if post is None or (not meaning["actions"] and post.reactions == "[]"):
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
        await after_change(unit, world, case)


async def remember(unit: Unit, row: OutboxRow, room: str, ids: Sequence[str], what: str) -> None:
    """For wiping: everything of a case that exists on a messenger, each once."""
    if row.case_id is None:
        return
    found = await unit.session.exec(
        select(InventoryItem.event_id).where(
            InventoryItem.channel == row.channel,
            InventoryItem.room == room,
            col(InventoryItem.event_id).in_(ids),
        )
    )
    known = set(found)
    for event_id in dict.fromkeys(ids):
        if event_id in known:
            continue
        unit.session.add(
            InventoryItem(
                case_id=row.case_id,
                channel=row.channel,
                room=room,
                event_id=event_id,
                what=what,
                at=unit.now,
            )
        )
