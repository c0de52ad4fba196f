"""Tell people something: in their direct chat, in the case room, in the group room.

Everything goes through the outbox, in the transaction of whatever makes it worth telling.
A *slot* names a message that stands: telling it again edits it, and its buttons are its
present ones. Without a slot it is said once and forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, union
from sqlmodel import col, select

from commands.messages import Action, Message, to_json
from commands.people import identity_of, row_id, with_role
from commands.places import case_place, channel_of, direct_chats, group_place, place_of
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Identity, OutboxRow, Post


@dataclass(frozen=True)
class How:
    """The manner of telling."""

    loud: bool = False
    lane: int = outbox.ANSWERS
    case: Case | None = None
    page_id: int | None = None
    expires_at: int | None = None


QUIET = How()
_ASKS = "asks"


def answer_there(unit: Unit, identity: Identity) -> None:
    """Whoever asks something is answered where they ask it, until the end of this transaction."""
    unit.session.info[_ASKS] = identity


def forget_asker(unit: Unit, person_id: int) -> None:
    """This person leaves in this transaction: there is nobody to answer any more."""
    if _asks_on(unit, person_id) is not None:
        del unit.session.info[_ASKS]


def _asks_on(unit: Unit, person_id: int) -> Identity | None:
    identity = unit.session.info.get(_ASKS)
    return identity if isinstance(identity, Identity) and identity.person_id == person_id else None


async def tell_person(
    unit: Unit,
    person_id: int,
    message: Message,
    *,
    actions: tuple[Action, ...] = (),
    slot: str | None = None,
    how: How = QUIET,
) -> bool:
    """A new message in somebody's direct chat: where they ask something in this transaction,
    else on the messenger that reaches them best. False if none does."""
    identity = _asks_on(unit, person_id) or await identity_of(unit, person_id)
    if identity is None:
        return False
    tell_identity(unit, identity, message, actions=actions, slot=slot, how=how)
    return True


def tell_identity(
    unit: Unit,
    identity: Identity,
    message: Message,
    *,
    actions: tuple[Action, ...] = (),
    slot: str | None = None,
    how: How = QUIET,
) -> None:
    """The same for somebody whose identity is at hand."""
    _say(unit, identity.channel, place_of(identity), message, actions, slot, how)


async def show_person(
    unit: Unit,
    person_id: int,
    slot: str,
    message: Message,
    *,
    actions: tuple[Action, ...] = (),
    how: How = QUIET,
) -> None:
    """Change a message that stands in somebody's direct chat, on every messenger on which it
    does, or post it if it never did."""
    places = await places_of(unit, person_id, slot)
    if not places:
        await tell_person(unit, person_id, message, actions=actions, slot=slot, how=how)
    for place in places:
        await _show(unit, channel_of(place), place, message, actions, slot, how)


async def stands_for(unit: Unit, person_id: int, slot: str) -> bool:
    """True if this message was sent to somebody, or is on its way."""
    return bool(await places_of(unit, person_id, slot))


async def was_sent(unit: Unit, person_id: int, slot: str) -> bool:
    """True if it was sent, or is being sent now; false while it only waits."""
    return bool(
        await posts_for(unit, person_id, slot)
        or [place for place in direct_chats(person_id) if await outbox.in_flight(unit, place, slot)]
    )


async def posts_for(unit: Unit, person_id: int, slot: str) -> Sequence[Post]:
    """The messages that stand in this slot, one for each messenger on which it was sent."""
    asked = {"chats": list(direct_chats(person_id)), "slot": slot}
    return (await unit.session.exec(_POSTS_FOR, params=asked)).all()


async def places_of(unit: Unit, person_id: int, slot: str) -> Sequence[str]:
    """The direct chats in which this message stands, or will in a moment."""
    asked = {"chats": list(direct_chats(person_id)), "slot": slot}
    found: Sequence[str] = (await unit.session.exec(_PLACES_OF, params=asked)).scalars().all()
    return found


_POSTS_FOR = select(Post).where(
    col(Post.destination).in_(bindparam("chats", expanding=True)), Post.slot == bindparam("slot")
)
_PLACES_OF: Any = union(
    select(Post.destination).where(
        col(Post.destination).in_(bindparam("chats", expanding=True)),
        Post.slot == bindparam("slot"),
    ),
    select(OutboxRow.destination).where(
        col(OutboxRow.destination).in_(bindparam("chats", expanding=True)),
        OutboxRow.slot == bindparam("slot"),
        col(OutboxRow.state).in_(("pending", "sending")),
        col(OutboxRow.kind).in_(("say", "edit")),
    ),
)


async def tell_room(
    unit: Unit,
    case: Case,
    message: Message,
    *,
    actions: tuple[Action, ...] = (),
    slot: str | None = None,
    loud: bool = False,
    lane: int = outbox.REST,
) -> None:
    """A new message in the case room."""
    how = How(loud, lane, case)
    _say(unit, case.channel, case_place(case), message, actions, slot, how)


async def show_room(
    unit: Unit,
    case: Case,
    slot: str,
    message: Message,
    *,
    lane: int = outbox.REST,
) -> None:
    """Change a message that stands in the case room, or post it if it never did."""
    how = How(False, lane, case)
    await _show(unit, case.channel, case_place(case), message, (), slot, how)


async def show_group(unit: Unit, channel: str, slot: str, message: Message, case: Case) -> None:
    """Change or post a message in the region's group room; it never carries case content."""
    how = How(False, outbox.HEADLINES, case)
    await _show(unit, channel, group_place(channel), message, (), slot, how)


async def tell_operators(unit: Unit, message: Message) -> None:
    """An operator line; operators see no case content."""
    for person in await with_role(unit, "operator"):
        await tell_person(unit, row_id(person), message, how=How(loud=True, lane=outbox.REST))


async def amend(
    unit: Unit, post: Post, message: Message, actions: tuple[Action, ...], case: Case | None
) -> None:
    """Change a message that stands, wherever that is."""
    how = How(lane=outbox.ANSWERS, case=case)
    await _show(unit, post.channel, post.destination, message, actions, post.slot, how)


async def take_away_person(unit: Unit, person_id: int, slot: str, case: Case | None) -> None:
    """Take a message away from somebody's direct chat, if it stands or is about to."""
    for place in await places_of(unit, person_id, slot):
        await take_away(unit, place, slot, case)


async def take_away(unit: Unit, destination: str, slot: str, case: Case | None) -> None:
    """Take a standing message away; one that was not sent yet is never sent."""
    unsent = await outbox.waiting(unit, destination, slot)
    if unsent is not None:
        outbox.finish(unit, unsent, "cancelled")
    post = await standing(unit, destination, slot)
    if post is None:
        return
    outbox.erase(
        unit,
        channel=post.channel,
        destination=destination,
        event_id=post.event_id,
        case=case,
    )
    await unit.session.delete(post)


async def standing(unit: Unit, destination: str, slot: str) -> Post | None:
    """The message that stands in this slot, if it was sent."""
    asked = {"destination": destination, "slot": slot}
    return (await unit.session.exec(_STANDING, params=asked)).first()


_STANDING = select(Post).where(
    Post.destination == bindparam("destination"), Post.slot == bindparam("slot")
)


def _say(
    unit: Unit,
    channel: str,
    destination: str,
    message: Message,
    actions: tuple[Action, ...],
    slot: str | None,
    how: How,
    kind: str = "say",
) -> None:
    if actions and slot is None:
        raise ValueError(f"{message.key}: buttons need a slot to stand in")
    outbox.queue(
        unit,
        channel=channel,
        destination=destination,
        kind=kind,
        payload=payload(message, actions),
        lane=how.lane,
        slot=slot,
        loud=how.loud,
        case=how.case,
        page_id=how.page_id,
        expires_at=how.expires_at,
    )


async def _show(
    unit: Unit,
    channel: str,
    destination: str,
    message: Message,
    actions: tuple[Action, ...],
    slot: str,
    how: How,
) -> None:
    post = await standing(unit, destination, slot)
    if post is not None and not actions:
        # Taken away at once. New buttons count only when the edit is on the screen
        # (`delivered`): a quick thumb must not press what nobody has read.
        post.actions = "[]"
    unsent, in_flight = await outbox.on_its_way(unit, destination, slot)
    if unsent is not None:
        outbox.overwrite(unit, unsent, payload(message, actions), how.case)
        return
    kind = "edit" if post is not None or in_flight else "say"
    _say(unit, channel, destination, message, actions, slot, how, kind)


def payload(message: Message, actions: tuple[Action, ...] = ()) -> dict[str, object]:
    """What an outbox row holds: a meaning and the buttons under it."""
    return {"message": to_json(message), "actions": [to_json(action) for action in actions]}


async def open_direct_chat(unit: Unit, identity: Identity) -> None:
    """Make and invite the direct chat of an identity that has none."""
    outbox.queue(
        unit,
        channel=identity.channel,
        destination=place_of(identity),
        kind="open_room",
        payload={"name": "Kortelijn", "invite": [identity.address], "direct": True},
        lane=outbox.PAGES,
    )
