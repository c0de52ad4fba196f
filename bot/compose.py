"""From an outbox row to something that a channel can carry out, in the receiver's language."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from bot.channels.base import (
    Buttons,
    Delivery,
    Enter,
    Erase,
    EraseRoom,
    Fetch,
    FindUnsigned,
    Invite,
    Leave,
    OpenRoom,
    Probe,
    Remove,
    Say,
    SendFile,
    SendPicture,
)
from bot.channels.showing import file_may_go, reaction_hint, shown, way_to
from bot.picture.roster import picture_of
from commands.fallback import still_wanted
from commands.keyboard import KEYBOARDS, press_of
from commands.messages import Action, Message, action_from, message, message_from
from commands.outside_room import is_inside
from commands.people import by_id
from commands.perform import emoji_of
from commands.places import FALLBACK, gateway_in, person_in, person_place, sort_of_place
from commands.spoken import Voice, labels
from commands.tell import standing
from commands.world import World
from config.entry import Language
from storage import outbox
from storage.store import Unit
from storage.tables import Case, GroupRoom, Identity, OutboxRow, Person, Post

_DIRECT_CHATS = (
    select(Identity.person_id, Identity.channel, Identity.direct_room, Person.language)
    .join(Person)
    .where(col(Identity.person_id).in_(bindparam("people", expanding=True)))
)

Chats = Mapping[str, tuple[str | None, str | None]]  # place -> room, language


@dataclass(frozen=True)
class Composed:
    """A delivery with what its acceptance will need to know."""

    delivery: Delivery
    meaning: Mapping[str, Any]
    room: str


class Composer:
    """Makes deliveries. What has become pointless comes back as the state to finish it with."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def compose(self, unit: Unit, row: OutboxRow, chats: Chats) -> Composed | str:
        """A `Composed`, or "cancelled" / "failed" when there is nothing to send any more."""
        if row.expires_at is not None and row.expires_at < unit.now:
            return "cancelled"
        if row.channel == FALLBACK and not await still_wanted(unit, row.page_id or 0):
            return "cancelled"
        case = await unit.session.get(Case, row.case_id) if row.case_id else None
        meaning = outbox.opened(unit, row, case)
        if row.kind == "open_room":
            return Composed(await self._room(unit, row, meaning), meaning, "")
        room, language = await self._place(unit, row, case, chats)
        if room is None:
            return "failed"
        changes = row.kind in ("edit", "buttons")
        post = await standing(unit, row.destination, row.slot or "") if changes else None
        if changes and post is None:
            return "cancelled"
        if row.kind in ("say", "edit"):
            asked = tuple(action_from(each) for each in meaning["actions"])
            meant = message_from(meaning["message"])
            text, actions = shown(meant, asked, row.channel, in_topic=self._in_topic(row))
            if len(actions) < len(asked):  # what does not stand there cannot be answered
                meaning = {**meaning, "actions": []}
            voice = Voice(self._world.region, language, unit.now)
            words = _words(row.channel, voice, text, actions)
            if row.channel in KEYBOARDS and row.kind == "say" and outbox.may_have_arrived(row):
                words += "\n" + voice.text(message("telegram.repeat"))
            replaces = post.event_id if row.kind == "edit" and post else None
            say = Say(
                room,
                key_of(row),
                words,
                row.loud,
                replaces,
                keyboard=_keyboard(row, voice, actions)
                + await self._way_to_room(unit, row, case, voice, asked),
                urgent=row.lane == outbox.PAGES,
            )
            return Composed(say, meaning, room)
        if row.kind == "buttons" and post is not None:
            return self._buttons(row, meaning, room, post)
        if row.kind == "picture":
            voice = Voice(self._world.region, language, unit.now)
            return Composed(await self._picture(unit, row, meaning, room, voice), meaning, room)
        if row.kind == "file" and not self._file_may_go(row, meaning):
            return "cancelled"
        return Composed(self._plain(row, meaning, room), meaning, room)

    async def _way_to_room(
        self,
        unit: Unit,
        row: OutboxRow,
        case: Case | None,
        voice: Voice,
        asked: tuple[Action, ...],
    ) -> tuple[tuple[str, str], ...]:
        """[Open casusruimte] for whoever can come in, where the region says by which address. A
        page that asks for a yes has only its two answers."""
        if row.channel not in KEYBOARDS or sort_of_place(row.destination) == "case":
            return ()
        if any(action.verb == "take" for action in asked):
            return ()
        url = way_to(self._world.region.matrix.room_link, case) if case else None
        person_id = person_in(row.destination)
        if case is None or url is None:
            return ()
        if person_id is not None and not await is_inside(unit, case, person_id):
            return ()
        return ((voice.text(Message("button.open_room")), url),)

    def _file_may_go(self, row: OutboxRow, meaning: Mapping[str, Any]) -> bool:
        about = str(meaning.get("about", ""))
        return file_may_go(row.channel, about, in_topic=self._in_topic(row))

    def _in_topic(self, row: OutboxRow) -> bool:
        """Whether this goes to a topic in which the region lets the conversation happen. Case
        rooms that are left over from such a time tell no more than the list allows."""
        return (
            sort_of_place(row.destination) == "case"
            and row.channel == self._world.region.rooms_on == "telegram"
        )

    async def _room(self, unit: Unit, row: OutboxRow, meaning: Mapping[str, Any]) -> OpenRoom:
        direct = bool(meaning["direct"])
        group = await unit.session.get(GroupRoom, row.channel) if row.case_id else None
        return OpenRoom(
            key_of(row),
            meaning["name"],
            tuple(meaning["invite"]),
            direct=direct,
            signed_only=row.case_id is not None,
            under=group.address if group else None,
        )

    async def _picture(
        self, unit: Unit, row: OutboxRow, meaning: Mapping[str, Any], room: str, voice: Voice
    ) -> SendPicture:
        drawing, words = await picture_of(unit, self._world, voice, meaning)
        text, _ = shown(words, (), row.channel, in_topic=self._in_topic(row))
        name = f"rooster-{meaning['partner']}.png"
        size = drawing.width, drawing.height
        return SendPicture(room, key_of(row), name, voice.text(text), drawing.svg, *size)

    def _plain(self, row: OutboxRow, meaning: Mapping[str, Any], room: str) -> Delivery:
        key = key_of(row)
        match row.kind:
            case "invite":
                return Invite(room, key, meaning["user"])
            case "remove":
                return Remove(room, key, meaning["user"])
            case "erase_room":
                return EraseRoom(room, key)
            case "erase":
                return Erase(room, key, meaning["event_id"])
            case "enter":
                return Enter(room, key)
            case "leave":
                return Leave(room, key)
            case "unsigned":
                return FindUnsigned(room, key, meaning["user"])
            case "fetch":
                return Fetch(room, key, meaning["source"], meaning["most_bytes"])
            case "probe":
                return Probe(room, key, meaning["user"])
            case "file":
                content = base64.b64decode(meaning["content"])
                return SendFile(room, key, meaning["name"], meaning["media_type"], content)
        raise ValueError(f"an outbox row of unknown kind {row.kind}")

    def _buttons(
        self, row: OutboxRow, meaning: Mapping[str, Any], room: str, post: Post
    ) -> Composed:
        signs = emoji_of([action_from(each) for each in meaning["actions"]])
        known = tuple((sign, event) for sign, event in json.loads(post.reactions))
        delivery = Buttons(room, key_of(row), post.event_id, signs, known)
        return Composed(delivery, {**meaning, "signs": signs}, room)

    async def _place(
        self, unit: Unit, row: OutboxRow, case: Case | None, chats: Chats
    ) -> tuple[str | None, Language]:
        """The room, if there is one, and the language that is spoken there."""
        language = self._world.region.language
        if row.channel == FALLBACK:
            return await self._at_gateway(unit, row)
        match sort_of_place(row.destination):
            case "person":
                room, own = chats.get(row.destination, (None, None))
                if own is None:
                    return room, language
                return room, "en" if own == "en" else "nl"
            case "case":
                return case.room if case else None, language
            case "room":
                return row.destination.partition(":")[2], language
        group = await unit.session.get(GroupRoom, row.channel)
        return group.address if group else None, language

    async def _at_gateway(self, unit: Unit, row: OutboxRow) -> tuple[str | None, Language]:
        """The name under which a gateway has this person, if it still does."""
        person = await by_id(unit, person_in(row.destination) or 0)
        gateway = gateway_in(row.destination)
        known = gateway in self._world.fallback.get(person.key, ())
        spoken = person.language or self._world.region.language
        return f"{gateway}:{person.key}" if known else None, "en" if spoken == "en" else "nl"


def _words(channel: str, voice: Voice, text: Message, actions: tuple[Action, ...]) -> str:
    hint = reaction_hint(channel, voice, emoji_of(actions), labels(voice, actions))
    return f"{voice.text(text)}\n{hint}" if hint else voice.text(text)


def _keyboard(
    row: OutboxRow, voice: Voice, actions: tuple[Action, ...]
) -> tuple[tuple[str, str], ...]:
    if row.channel not in KEYBOARDS:
        return ()
    presses = (press_of(row.slot or "", n, each) for n, each in enumerate(actions, start=1))
    return tuple(zip(labels(voice, actions), presses, strict=True))


async def chats_of(unit: Unit, rows: Iterable[OutboxRow]) -> Chats:
    """The direct chats that these rows go to, in one question, with the owner's language."""
    people = {person_in(row.destination) for row in rows} - {None}
    if not people:
        return {}
    found = await unit.session.exec(_DIRECT_CHATS, params={"people": list(people)})
    return {person_place(person, channel): (room, own) for person, channel, room, own in found}


def key_of(row: OutboxRow) -> str:
    """The idempotency key: the row's own, the same after every restart."""
    return f"kl-{row.key}"
