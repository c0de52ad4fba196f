"""The course of a drill: called, passed on to the backup after five minutes, over after ten."""

from collections.abc import Sequence

from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Message, Span, Word, message
from commands.open_cases import fresh_reference
from commands.people import row_id
from commands.roster.seats import seat_name
from commands.rules.moments import MINUTE
from commands.rules.roster.rule import Seat
from commands.tell import How, places_of, show_person, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Drill, DrillCall, Measure
from storage.timers import cancel_timers, set_timer

DRILL_MS = 10 * MINUTE
NEXT_MS = 5 * MINUTE


async def begin(unit: Unit, asked_by: int, calls: Sequence[DrillCall]) -> Drill:
    """Call who is on duty in these seats; whoever has two of them is called once."""
    drill = Drill(
        region_id=unit.region_id,
        reference=await fresh_reference(unit),
        asked_by=asked_by,
        begun_at=unit.now,
        until_at=unit.now + DRILL_MS,
    )
    unit.session.add(drill)
    await unit.session.flush()
    for call in calls:
        call.drill_id = row_id(drill)
        unit.session.add(call)
    await unit.session.flush()
    for call in calls:
        if call.state == "called":
            await _call(unit, drill, call)
    set_timer(unit, "drill_next", _subject(drill), unit.now + NEXT_MS)
    set_timer(unit, "drill_end", _subject(drill), drill.until_at)
    return drill


def _subject(drill: Drill) -> str:
    return f"drill:{row_id(drill)}"


async def _call(unit: Unit, drill: Drill, call: DrillCall) -> None:
    """It rings like a page, and behind every page."""
    person_id = call.primary_id if call.step == "primary" else call.backup_id
    if person_id is None or await places_of(unit, person_id, _subject(drill)):
        return
    number = str(row_id(drill))
    actions = (
        Action("drill_take", Word("button.take"), number),
        Action("drill_decline", Word("button.decline"), number, stop=True),
    )
    text = message(
        "drill.call",
        ref=drill.reference,
        deadline=At(drill.until_at),
        rest=Span(drill.until_at - unit.now),
    )
    how = How(loud=True, lane=outbox.ANSWERS, expires_at=drill.until_at)
    await tell_person(unit, person_id, text, actions=actions, slot=_subject(drill), how=how)


async def drill_timer(unit: Unit, world: World, drill_id: int, kind: str) -> None:
    """Five minutes: the backups of who is silent. Ten: it is over."""
    drill = await unit.session.get(Drill, drill_id)
    if drill is None or drill.ended_at is not None:
        return
    if kind == "drill_end":
        await _end(unit, world, drill)
        return
    for call in await _calls(unit, drill):
        await _pass_on(unit, drill, call)


async def _pass_on(unit: Unit, drill: Drill, call: DrillCall) -> bool:
    """To the backup, if there is one who was not called yet. Who was first may still take it."""
    if call.state != "called" or call.step == "backup" or call.backup_id is None:
        return False
    call.step = "backup"
    await _call(unit, drill, call)
    return True


@command("drill_take", right="anyone", about="nothing")
async def drill_take(ask: Ask) -> None:
    """[Ik pak op] under a drill."""
    found = await _mine(ask)
    if found is None:
        return
    drill, calls = found
    for call in calls:
        if call.state == "called":
            by_backup = call.backup_id == ask.who.id and call.primary_id != ask.who.id
            call.step = "backup" if by_backup else "primary"
            call.state, call.answered_at = "taken", ask.unit.now
    await ask.log("change", "drill", right="called")
    await ask.settle(message("drill.thanks", rest=_after(drill, ask.unit.now)))
    await _end_if_settled(ask, drill)


@command("drill_decline", right="anyone", about="nothing")
async def drill_decline(ask: Ask) -> None:
    """[Kan niet]: the backup is called at once."""
    found = await _mine(ask)
    if found is None:
        return
    drill, calls = found
    for call in calls:
        if call.state == "called" and not await _pass_on(ask.unit, drill, call):
            call.state = "missed"
    await ask.log("change", "drill", right="called")
    await ask.settle(message("drill.declined"))
    await _end_if_settled(ask, drill)


async def _mine(ask: Ask) -> tuple[Drill, list[DrillCall]] | None:
    """The drill of the button and the seats for which this person was called in it."""
    drill = await ask.unit.session.get(Drill, int(ask.argument))
    if drill is None or drill.region_id != ask.unit.region_id:
        return None
    if drill.ended_at is not None:
        await ask.settle(message("drill.over", ref=drill.reference))
        return None
    mine = [
        call
        for call in await _calls(ask.unit, drill)
        if call.primary_id == ask.who.id or (call.backup_id == ask.who.id and call.step == "backup")
    ]
    return (drill, mine) if mine else None


async def _calls(unit: Unit, drill: Drill) -> Sequence[DrillCall]:
    found = await unit.session.exec(
        select(DrillCall).where(DrillCall.drill_id == row_id(drill)).order_by(col(DrillCall.id))
    )
    return found.all()


async def _end_if_settled(ask: Ask, drill: Drill) -> None:
    if not any(call.state == "called" for call in await _calls(ask.unit, drill)):
        await cancel_timers(ask.unit, _subject(drill))
        await _end(ask.unit, ask.world, drill)


async def _end(unit: Unit, world: World, drill: Drill) -> None:
    """The coordinator reads how it went, by partner; who was called is forgotten."""
    drill.ended_at = unit.now
    calls = await _calls(unit, drill)
    lines = []
    for call in calls:
        if call.state == "called":
            call.state = "missed"
            await _tell_that_it_is_over(unit, drill, call)
        lines.append(_line(world, drill, call))
        _measure(unit, drill, call)
        call.primary_id = call.backup_id = None
    await note(unit, BOT, "read", "drill", right="coordinator")
    text = message("drill.result", *lines, ref=drill.reference, time=At(unit.now))
    await tell_person(unit, drill.asked_by, text)


async def _tell_that_it_is_over(unit: Unit, drill: Drill, call: DrillCall) -> None:
    for person_id in (call.primary_id, call.backup_id):
        if person_id is not None and await places_of(unit, person_id, _subject(drill)):
            text = message("drill.over", ref=drill.reference)
            await show_person(unit, person_id, _subject(drill), text)


def _line(world: World, drill: Drill, call: DrillCall) -> Message:
    name = seat_name(world, Seat(call.partner, call.function, call.place))
    if call.state != "taken":
        return message(f"drill.{call.state}", partner=name)
    key = "drill.taken_backup" if call.step == "backup" else "drill.taken"
    return message(key, partner=name, rest=_after(drill, call.answered_at or drill.until_at))


def _after(drill: Drill, at: int) -> Span:
    """Whole minutes, and at least one: nobody is that quick."""
    return Span(max(MINUTE, at - drill.begun_at))


def _measure(unit: Unit, drill: Drill, call: DrillCall) -> None:
    """In kinds of its own, so that no figure of alarms takes it in."""
    taken = call.state == "taken" and call.answered_at is not None
    unit.session.add(
        Measure(
            region_id=unit.region_id,
            at=unit.now,
            kind="drill_time" if taken else f"drill_{call.state}",
            protocol="drill",
            partner=call.partner,
            value=(call.answered_at or 0) - drill.begun_at if taken else None,
        )
    )
