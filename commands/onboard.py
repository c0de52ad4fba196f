"""Bring people in: direct chat, welcome, test page."""

from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Day, Word, message
from commands.people import Known, by_id, identity_of, identity_on
from commands.places import group_place, place_of
from commands.rules.moments import DAY, MINUTE, SECOND
from commands.seldom import not_lately
from commands.tell import How, open_direct_chat, tell_identity
from commands.unsigned_devices import look_for_unsigned
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import GroupRoom, Identity, OutboxRow, Person
from storage.timers import set_timer

WELCOME_AFTER_MS = 5 * SECOND
TEST_AFTER_MS = 30 * SECOND
TEST_HOLDS_MS = 30 * DAY
MOST_TESTS = 3
TESTS_WITHIN_MS = 10 * MINUTE
STARTED_MS = MINUTE  # who starts us again so soon has the welcome, or gets it in a moment


async def invite_everybody(unit: Unit) -> int:
    """Make the direct chats that are missing; returns how many were asked for."""
    found = await unit.session.exec(select(Identity).where(col(Identity.direct_room).is_(None)))
    count = 0
    for identity in found.all():
        person = await by_id(unit, identity.person_id)
        if person.active and not await outbox.asked_for_room(unit, place_of(identity)):
            await open_direct_chat(unit, identity)
            count += 1
    return count


async def open_group(unit: Unit, world: World, channel: str, members: list[str]) -> None:
    """Make the region's group room, if the region has one and it is not there yet."""
    name = world.region.matrix.group_room_name
    if name is None or await unit.session.get(GroupRoom, channel) is not None:
        return
    if not await outbox.asked_for_room(unit, group_place(channel)):
        outbox.queue(
            unit,
            channel=channel,
            destination=group_place(channel),
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
    await not_lately(unit, f"started:{who.identity.id}", STARTED_MS)
    _later(unit, "welcome_person", who.identity, WELCOME_AFTER_MS)


def _later(unit: Unit, kind: str, identity: Identity, after_ms: int) -> None:
    """On this messenger and no other: each proves itself."""
    due_at = unit.now + after_ms
    set_timer(unit, kind, f"person:{identity.person_id}", due_at, argument=identity.channel)


async def welcome(unit: Unit, person_id: int, channel: str) -> None:
    """The moment to welcome somebody on a messenger has come."""
    identity = await _reached(unit, person_id, channel)
    if identity is not None:
        greet(unit, await by_id(unit, person_id), identity)


async def _reached(unit: Unit, person_id: int, channel: str) -> Identity | None:
    """`channel` is empty in a timer that was set before there were two."""
    if channel:
        return await identity_on(unit, person_id, channel)
    return await identity_of(unit, person_id)


def greet(unit: Unit, person: Person, identity: Identity) -> None:
    """Who can be paged proves it with a test page; the others hear how to ask for help."""
    if identity.channel == "matrix":
        look_for_unsigned(unit, identity)
    if not person.has_role("duty") and not person.has_role("contact_point"):
        tell_identity(unit, identity, message("onboard.welcome_reader", function=person.label))
        return
    seconds = TEST_AFTER_MS // SECOND
    tell_identity(
        unit,
        identity,
        message("onboard.welcome", function=person.label, seconds=seconds),
        actions=(Action("test_ready", Word("button.ready"), str(person.id)),),
        slot="welcome",
    )


@command("test_ready", right="anyone", about="nothing")
async def test_ready(ask: Ask) -> None:
    """The phone is locked and silent now; the test page follows in half a minute."""
    await ask.settle(message("onboard.test_comes", seconds=TEST_AFTER_MS // SECOND))
    _later(ask.unit, "test_page", ask.who.identity, TEST_AFTER_MS)


@command("test", right="anyone", nl=("test",), en=("test",), where=("direct",), about="nothing")
async def test(ask: Ask) -> None:
    """A test page at once; after three in ten minutes it can wait."""
    if not await _enough(ask):
        _ring(ask.unit, ask.who.identity)


async def send_test(unit: Unit, person_id: int, channel: str) -> None:
    """The half minute is over."""
    identity = await _reached(unit, person_id, channel)
    if identity is not None:
        _ring(unit, identity)


def _ring(unit: Unit, identity: Identity) -> None:
    """A page that is clearly no alarm, loud as a real one."""
    person_id = identity.person_id
    tell_identity(
        unit,
        identity,
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
        _again(ask),
    )


def _again(ask: Ask) -> tuple[Action, ...]:
    return (Action("test_again", Word("button.test_again"), str(ask.who.id)),)


@command("test_again", right="anyone", about="nothing")
async def test_again(ask: Ask) -> None:
    """Once more."""
    if not await _enough(ask):
        _ring(ask.unit, ask.who.identity)


async def _enough(ask: Ask) -> bool:
    """Whether the last tests were too many in too short a time; says from when it can again.

    A page that rings without end teaches people to silence the bot.
    """
    found = await ask.unit.session.exec(
        select(OutboxRow.created_at)
        .where(
            OutboxRow.destination == ask.own_chat,
            OutboxRow.kind == "say",
            col(OutboxRow.slot).startswith("test:"),
            OutboxRow.created_at > ask.unit.now - TESTS_WITHIN_MS,
        )
        .order_by(col(OutboxRow.created_at).desc())
        .limit(MOST_TESTS)
    )
    lately = list(found)
    if len(lately) < MOST_TESTS:
        return False
    text = message("onboard.test_enough", time=At(lately[-1] + TESTS_WITHIN_MS))
    if ask.pressed:
        await ask.settle(text, _again(ask))
    else:
        await ask.answer(text)
    return True
