"""From an update of a messenger to the command that it means. One transaction, one update."""

from dataclasses import dataclass

import structlog
from sqlalchemy import bindparam
from sqlmodel import select

import commands.catalogue  # noqa: F401  (declares the commands)
from commands import answers
from commands.ask import Ask, Where
from commands.copies import pressed_message
from commands.enrol import enrol
from commands.gone import has_gone
from commands.group_moved import group_has_moved
from commands.inventory import remember_said
from commands.join_case import has_joined, has_left
from commands.keep_group import outsider_came, outsider_wrote, shut_out
from commands.keyboard import KEYBOARDS
from commands.messages import Message, message
from commands.onboard import has_arrived
from commands.open_cases import by_room
from commands.people import Known, by_address
from commands.perform import press
from commands.places import is_topic
from commands.rules.moments import HOUR
from commands.seldom import not_lately
from commands.sent_elsewhere import Echo, sent_elsewhere
from commands.sight import has_seen
from commands.strangers import refuse_in_private, refuse_stranger
from commands.tell import answer_there, tell_operators
from commands.typed import understand
from commands.update import Update
from commands.votes_taken_back import take_back
from commands.world import World
from storage.store import Unit
from storage.tables import Case, GroupRoom, Identity, Post

log = structlog.get_logger(__name__)

_WRITTEN = ("text", "file", "unreadable")


@dataclass(frozen=True)
class Place:
    """Which of our rooms something happened in."""

    where: Where
    case: Case | None = None


async def handle_update(unit: Unit, world: World, channel: str, update: Update) -> None:
    """Do what the update asks. Strangers get one neutral refusal; nothing else happens."""
    if update.kind == "moved":
        await group_has_moved(unit, channel, update.room, update.text)
        return
    if update.kind == "sent":
        await sent_elsewhere(unit, world, Echo.of(channel, update))
        return
    if await enrol(unit, world, channel, update):
        return
    who = await by_address(unit, channel, update.sender)
    if who is not None and who.identity.direct_room == update.room:
        place: Place | None = Place("direct")
    else:
        place = await place_of(unit, channel, update.room)
    if update.kind == "invited":
        await refuse_stranger(unit, world, channel, update)
        return
    if place is None:
        log.info("update_outside_our_rooms", kind=update.kind, known=who is not None)
        if who is None and update.kind in _WRITTEN:
            await refuse_in_private(unit, world, channel, update)
        return
    if place.where != "direct" and await _keeps_group(unit, world, channel, update, place, who):
        return
    if update.kind == "joined" and place.case is not None:
        await has_joined(unit, world, place.case, who, update.sender)
        return
    if who is None:
        log.info("update_of_stranger_ignored", kind=update.kind)
        return
    await _of_known_person(unit, world, channel, update, who, place)


async def _keeps_group(
    unit: Unit, world: World, channel: str, update: Update, place: Place, who: Known | None
) -> bool:
    """Where case rooms are topics of the group it is we who look who is in it, and we remember
    what must be erased. True if that is all that the update means."""
    if place.case is not None and is_topic(place.case) and update.kind in _WRITTEN:
        if who is None:
            await outsider_wrote(unit, channel, place.case, update)
            return True
        remember_said(unit, place.case, update)
    if channel != world.region.rooms_on or place.where != "group":
        return False
    if update.kind == "shut_out":
        await shut_out(unit)
    elif update.kind == "joined" and who is None:
        await outsider_came(unit, channel, update.sender)
    return update.kind in ("shut_out", "joined")


async def _of_known_person(
    unit: Unit, world: World, channel: str, update: Update, who: Known, place: Place
) -> None:
    answer_there(unit, who.identity)
    ask = Ask(
        unit=unit,
        world=world,
        who=who,
        where=place.where,
        channel=channel,
        room=update.room,
        event_id=update.event,
        received_at=update.at,
        case=place.case,
    )
    match update.kind:
        case "joined" if place.where == "direct":
            await has_arrived(unit, who)
        case "left" if place.case is not None:
            await has_left(unit, place.case, who)
        case "left" if who.identity.direct_room == update.room:
            await has_gone(unit, world, who)
        case "seen":
            await has_seen(unit, world, who, update.at)
        case "tap":
            await has_seen(unit, world, who, update.at)
            await _tapped(ask, update)
        case "untap":
            await take_back(ask, update.about or "")
        case "text" if not update.edit:
            await has_seen(unit, world, who, update.at)
            ask.post = await _post(unit, channel, update) if update.reply else None
            await understand(ask, update)
        case "text" if place.where == "case":
            await answers.guard_room(ask, update.text)  # an edit is no command, but it is read
        case "file":
            await answers.to_file(ask, update)
        case "unreadable":
            if await not_lately(unit, f"unreadable:{who.id}", HOUR):
                await tell_operators(unit, _unreadable(channel, who.person.label))
            if place.where == "direct":
                await ask.answer(message("wrong.unreadable"))


def _unreadable(channel: str, label: str) -> Message:
    if channel == "matrix":
        return message("operator.unreadable", label=label)
    return message("operator.unreadable_telegram", label=label)


async def _tapped(ask: Ask, update: Update) -> None:
    post = await _post(ask.unit, ask.channel, update)
    if ask.channel in KEYBOARDS and update.about is not None:
        post = await pressed_message(ask, post, update.about, update.text)
    if post is None:
        return
    ask.post = post
    await press(ask, update.text)


async def _post(unit: Unit, channel: str, update: Update) -> Post | None:
    """The standing message that a tap or reply is about, if it stands in the same room."""
    if update.about is None:
        return None
    asked = {"channel": channel, "event": update.about}
    post = (await unit.session.exec(_POST, params=asked)).first()
    return post if post is not None and post.room == update.room else None


_POST = select(Post).where(
    Post.channel == bindparam("channel"), Post.event_id == bindparam("event")
)


async def place_of(unit: Unit, channel: str, room: str) -> Place | None:
    """Direct chat, case room or group room; None for a room that is none of ours."""
    asked = {"channel": channel, "room": room}
    if (await unit.session.exec(_DIRECT, params=asked)).first() is not None:
        return Place("direct")
    case = await by_room(unit, channel, room)
    if case is not None:
        return Place("case", case)
    group = await unit.session.get(GroupRoom, channel)
    return Place("group") if group and group.address == room else None


_DIRECT = select(Identity.id).where(
    Identity.channel == bindparam("channel"), Identity.direct_room == bindparam("room")
)
