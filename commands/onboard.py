"""Bring people in: direct chat, welcome, test page; and tell strangers that this is closed."""

import hashlib

from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Day, Number, Word, message
from commands.people import Known, by_address, by_id, identity_of
from commands.rules.moments import DAY, SECOND, local
from commands.tell import How, open_direct_chat, payload, person_place, tell_operators, tell_person
from commands.unsigned_devices import look_for_unsigned
from commands.update import Update
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import DoneJob, GroupRoom, Identity
from storage.timers import set_timer

WELCOME_AFTER_MS = 5 * SECOND
TEST_AFTER_MS = 30 * SECOND
TEST_HOLDS_MS = 30 * DAY


async def invite_everybody(unit: Unit) -> int:
    """Make the direct chats that are missing; returns how many were asked for."""
    found = await unit.session.exec(select(Identity).where(col(Identity.direct_room).is_(None)))
    count = 0
    for identity in found.all():
        person = await by_id(unit, identity.person_id)
        if person.active and not await outbox.asked_for_room(unit, f"person:{person.id}"):
            await open_direct_chat(unit, identity)
            count += 1
    return count


async def open_group(unit: Unit, world: World, channel: str, members: list[str]) -> None:
    """Make the region's group room, if the region has one and it is not there yet."""
    name = world.region.matrix.group_room_name
    if name is None or await unit.session.get(GroupRoom, channel) is not None:
        return
    if not await outbox.asked_for_room(unit, "group"):
        outbox.queue(
            unit,
            channel=channel,
            destination="group",
            kind="open_room",
            payload={"name": name, "invite": members, "direct": False},
            lane=outbox.REST,
        )


async def has_arrived(unit: Unit, who: Known) -> None:
    """Somebody joined their direct chat: in a moment they are welcomed there.

    Not at once: a client that shares its first room with us has not looked up our devices yet,
    and would refuse the very first message for ever (measured: 2 of 12 with matrix-js-sdk).
    """
    if who.identity.joined_at is not None:
        return
    who.identity.joined_at = unit.now
    actor = Actor.of(who.person, "known", who.identity.channel)
    await note(unit, actor, "access", "chat", right="known")
    set_timer(unit, "welcome_person", f"person:{who.id}", unit.now + WELCOME_AFTER_MS)


async def has_gone(unit: Unit, who: Known) -> None:
    """Somebody left the direct chat, where pages would ring for nobody: asked back once, and
    the operator hears it. Who refuses that invitation is not asked again."""
    if who.identity.joined_at is None:
        return
    who.identity.joined_at = who.identity.proven_at = None
    actor = Actor.of(who.person, "known", who.identity.channel)
    await note(unit, actor, "change", "chat", right="known")
    outbox.queue(
        unit,
        channel=who.identity.channel,
        destination=person_place(who.id),
        kind="invite",
        payload={"user": who.identity.address},
        lane=outbox.ANSWERS,
    )
    await tell_operators(
        unit, message("operator.not_delivered", label=who.person.label, time=At(unit.now))
    )


async def welcome(unit: Unit, person_id: int) -> None:
    """Who can be paged proves it with a test page; the others hear how to ask for help."""
    person, identity = await by_id(unit, person_id), await identity_of(unit, person_id)
    if identity is not None:
        look_for_unsigned(unit, identity)
    if not person.has_role("duty") and not person.has_role("contact_point"):
        text = message("onboard.welcome_reader", function=person.label)
        await tell_person(unit, person_id, text)
        return
    seconds = TEST_AFTER_MS // SECOND
    await tell_person(
        unit,
        person_id,
        message("onboard.welcome", function=person.label, seconds=seconds),
        actions=(Action("test_ready", Word("button.ready"), str(person_id)),),
        slot="welcome",
    )


@command("test_ready", right="anyone", about="nothing")
async def test_ready(ask: Ask) -> None:
    """The phone is locked and silent now; the test page follows in half a minute."""
    await ask.settle(message("onboard.test_comes", seconds=TEST_AFTER_MS // SECOND))
    set_timer(ask.unit, "test_page", f"person:{ask.who.id}", ask.unit.now + TEST_AFTER_MS)


@command("test", right="anyone", nl=("test",), en=("test",), where=("direct",), about="nothing")
async def test(ask: Ask) -> None:
    """A test page at once."""
    await send_test(ask.unit, ask.who.id)


async def send_test(unit: Unit, person_id: int) -> None:
    """A page that is clearly no alarm, loud as a real one."""
    await tell_person(
        unit,
        person_id,
        message("onboard.test"),
        actions=(
            Action("test_heard", Word("button.heard"), str(person_id)),
            Action("test_seen", Word("button.only_seen"), str(person_id), stop=True),
        ),
        slot=f"test:{unit.now}",
        how=How(loud=True, lane=outbox.PAGES),
    )


@command("test_heard", right="anyone", about="nothing")
async def test_heard(ask: Ask) -> None:
    """The phone rang: this person can be paged."""
    ask.who.identity.proven_at = ask.unit.now
    await ask.log("change", "reachable", right="known")
    until = Day(ask.unit.now + TEST_HOLDS_MS)
    await ask.settle(message("onboard.reachable", date=until))


@command("test_seen", right="anyone", about="nothing")
async def test_seen(ask: Ask) -> None:
    """Seen but not heard: how to let us through, and another try."""
    await ask.settle(
        message("onboard.quiet", steps=Word("onboard.quiet_steps")),
        (Action("test_again", Word("button.test_again"), str(ask.who.id)),),
    )


@command("test_again", right="anyone", about="nothing")
async def test_again(ask: Ask) -> None:
    """Once more."""
    await send_test(ask.unit, ask.who.id)


async def refuse_stranger(unit: Unit, world: World, channel: str, update: Update) -> None:
    """Somebody invited us into a room of theirs: a stranger gets one neutral sentence a day,
    somebody we know is pointed to their own chat; then we leave."""
    who = await by_address(unit, channel, update.sender)
    if who is not None:
        await tell_person(unit, who.id, message("onboard.own_chat"))
        kinds: tuple[str, ...] = ("leave",)
    elif await _refused_today(unit, update.sender):
        kinds = ("leave",)
    else:
        kinds = ("enter", "say", "leave")
    refusal = message("wrong.unknown_sender", help_number=Number(world.region.help_number))
    for kind in kinds:
        outbox.queue(
            unit,
            channel=channel,
            destination=f"room:{update.room}",
            kind=kind,
            payload=payload(refusal) if kind == "say" else {},
            lane=outbox.REST,
        )


async def _refused_today(unit: Unit, address: str) -> bool:
    """Whether this stranger heard it today already. We keep no list of strangers, only a hash."""
    job = f"refused:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    day = local(unit.now).date().isoformat()
    if await unit.session.get(DoneJob, (job, day)) is not None:
        return True
    unit.session.add(DoneJob(job=job, period=day, done_at=unit.now))
    return False
