"""Who we do not know: one neutral sentence a day, and nothing else happens."""

import hashlib

from commands.messages import Message, Number, message
from commands.people import by_address
from commands.places import room_place
from commands.rules.moments import local
from commands.tell import payload, tell_person
from commands.update import Update
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import DoneJob


def is_private(channel: str, update: Update) -> bool:
    """Whether this is a chat of one person with us that we did not make.

    On Telegram it bears the number of that person. On Matrix there is none: we leave what
    strangers invite us to.
    """
    return channel == "telegram" and update.room == update.sender


def fingerprint(address: str) -> str:
    """To know a stranger again. We keep no list of strangers, only this hash."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]


async def refuse_stranger(unit: Unit, world: World, channel: str, update: Update) -> None:
    """Somebody invited us into a room of theirs: a stranger gets one neutral sentence a day,
    somebody we know is pointed to their own chat; then we leave."""
    who = await by_address(unit, channel, update.sender)
    if who is not None:
        await tell_person(unit, who.id, message("onboard.own_chat"))
    elif not await _refused_today(unit, update.sender):
        _in_room(unit, channel, update.room, "enter")
        say_in_room(unit, channel, update.room, _refusal(world))
    _in_room(unit, channel, update.room, "leave")


async def refuse_in_private(unit: Unit, world: World, channel: str, update: Update) -> None:
    """A stranger writes to us where anybody can: the same sentence, as seldom."""
    if is_private(channel, update) and not await _refused_today(unit, update.sender):
        say_in_room(unit, channel, update.room, _refusal(world))


def say_in_room(unit: Unit, channel: str, room: str, text: Message) -> None:
    """A line in a room that is none of ours."""
    _in_room(unit, channel, room, "say", payload(text))


def _refusal(world: World) -> Message:
    return message("wrong.unknown_sender", help_number=Number(world.region.help_number))


def _in_room(
    unit: Unit, channel: str, room: str, kind: str, meaning: dict[str, object] | None = None
) -> None:
    outbox.queue(
        unit,
        channel=channel,
        destination=room_place(room),
        kind=kind,
        payload=meaning or {},
        lane=outbox.REST,
    )


async def _refused_today(unit: Unit, address: str) -> bool:
    """Whether this stranger heard it today already."""
    job = f"refused:{fingerprint(address)}"
    day = local(unit.now).date().isoformat()
    if await unit.session.get(DoneJob, (job, day)) is not None:
        return True
    unit.session.add(DoneJob(job=job, period=day, done_at=unit.now))
    return False
