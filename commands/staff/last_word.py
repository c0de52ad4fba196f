"""The direct chats of somebody who leaves: what stood there goes, one last line, and so do we."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import col, select

from commands.messages import message
from commands.people import row_id
from commands.places import direct_chats, room_place
from commands.strangers import say_in_room
from storage import outbox
from storage.store import Unit
from storage.tables import Identity, InventoryItem, Person, Post


async def end_chats(unit: Unit, person: Person, identities: Sequence[Identity]) -> None:
    """From now on these are chats of somebody whom we do not know, so everything that goes there
    is addressed to the room. What is known of cases there is taken away before we leave: later
    nobody could."""
    places = direct_chats(row_id(person))
    for identity in identities:
        if identity.direct_room is None:
            continue
        await _erase_cases(unit, identity, person)
        say_in_room(unit, identity.channel, identity.direct_room, message("leave.goodbye"))
        if identity.channel == "matrix":  # a chat of two on Telegram cannot be left
            _queue(unit, identity, person, "leave", {})
    await unit.session.exec(delete(Post).where(col(Post.destination).in_(places)))


async def _erase_cases(unit: Unit, identity: Identity, person: Person) -> None:
    """Every message that tells of a case; reactions of ours go with it."""
    found = await unit.session.exec(
        select(InventoryItem.event_id)
        .where(
            InventoryItem.channel == identity.channel,
            InventoryItem.room == identity.direct_room,
            col(InventoryItem.what).in_(("message", "file", "typed")),
        )
        .order_by(col(InventoryItem.id))
    )
    for event_id in found.all():
        _queue(unit, identity, person, "erase", {"event_id": event_id})


def _queue(
    unit: Unit,
    identity: Identity,
    person: Person,
    kind: str,
    payload: dict[str, str],
) -> None:
    """In the order of their making: first erased, then the last word, then we leave."""
    outbox.queue(
        unit,
        channel=identity.channel,
        destination=room_place(identity.direct_room or ""),
        kind=kind,
        payload=payload,
        lane=outbox.REST,
        slot=f"leave:{row_id(person)}",
    )
