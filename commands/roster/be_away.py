"""`ik ben ziek`: off the roster at once, and `beter`: back on it. Why is written down nowhere.

The contact point may do it for a colleague who cannot.
"""

from collections.abc import Sequence
from datetime import time, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Message, Word, message
from commands.people import by_key, row_id, with_role
from commands.roster.change import come_back, go_away
from commands.roster.colleagues import may_act_for, whose_shifts
from commands.roster.load import roster_of
from commands.roster.next_duty import own_shifts
from commands.roster.spoken_shift import shift_text
from commands.rules.moments import DAY, instant, local
from commands.rules.roster.rule import Roster
from commands.tell import How, tell_person
from storage import outbox
from storage.access_log import Actor
from storage.tables import Absence, Person

AHEAD_MS = 14 * DAY
MOST_SHIFTS = 5
_CHOICES = ("shift", "tomorrow", "open")
_AWAY = (
    select(Absence)
    .where(
        Absence.region_id == bindparam("region"),
        Absence.person == bindparam("person"),
        col(Absence.start_at) <= bindparam("now"),
        col(Absence.end_at).is_(None) | (col(Absence.end_at) > bindparam("now")),
    )
    .order_by(col(Absence.id).desc())
)


@command(
    "sick",
    right="rostered",
    nl=("ik ben ziek", "ziek"),
    en=("i am sick", "sick"),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def sick(ask: Ask) -> None:
    """Until when? `ziek officier 2` (contact point): for that colleague."""
    whose = await whose_shifts(ask)
    if whose is None:
        await ask.answer(message("swap.whose"))
        return
    if await _absences_of(ask, whose):
        await ask.answer(message("away.already", who=whose.label))
        return
    coming = own_shifts(await _roster(ask, whose), whose, ask.unit.now, ask.unit.now + AHEAD_MS)
    on_duty = bool(coming) and coming[0].start <= ask.unit.now
    buttons = tuple(
        Action("sick_until", Word(f"button.away_{each}"), f"{whose.key} {each}")
        for each in _CHOICES
        if each != "shift" or on_duty
    )
    stop = Action("sick_stop", Word("button.back"), whose.key, stop=True)
    key = "away.until_when" if whose.key == ask.who.person.key else "away.until_when_other"
    text = message(key, who=whose.label)
    await ask.answer(text, actions=(*buttons, stop), slot="away")


@command("sick_stop", right="rostered", about="nothing")
async def sick_stop(ask: Ask) -> None:
    """Not after all."""
    await ask.settle(message("away.nothing"))


@command("sick_until", right="rostered", about="nothing")
async def sick_until(ask: Ask) -> None:
    """From now on; whoever keeps the roster hears which shifts are open."""
    person_key, _, choice = ask.argument.partition(" ")
    whose = await by_key(ask.unit, person_key)
    if whose is None or not may_act_for(ask, whose):
        await ask.settle(message("swap.gone"))
        return
    if await _absences_of(ask, whose):
        await ask.settle(message("away.already", who=whose.label))
        return
    now, roster = ask.unit.now, await _roster(ask, whose)
    coming = own_shifts(roster, whose, now, now + AHEAD_MS)
    if choice == "shift" and (not coming or coming[0].start > now):
        await ask.settle(message("swap.gone"))
        return
    until = None
    if choice == "tomorrow":
        until = instant(local(now).date() + timedelta(days=2), time())
    elif choice == "shift":
        until = coming[0].end
    actor = Actor.of(ask.who.person, ask.role, ask.channel)
    await go_away(ask.unit, ask.world, actor, whose, until, right=ask.role)
    lost = [shift for shift in coming if until is None or shift.start < until]
    lines = tuple(
        message("away.shift", shift=shift_text(ask.world, shift.seat, shift.start, shift.end))
        for shift in lost[:MOST_SHIFTS]
    )
    when = message("away.till", until=At(until)) if until else message("away.till_back")
    key = "away.done" if whose.key == ask.who.person.key else "away.done_other"
    await ask.settle(message(key, *lines, who=whose.label, until=when, count=len(lost)))
    await _tell_others(ask, whose, when, lines, count=len(lost))


@command(
    "back",
    right="rostered",
    nl=("beter", "ik ben beter"),
    en=("i am back", "better"),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def back(ask: Ask) -> None:
    """On the roster again, from now on."""
    whose = await whose_shifts(ask)
    if whose is None:
        await ask.answer(message("swap.whose"))
        return
    absences = await _absences_of(ask, whose)
    if not absences:
        await ask.answer(message("away.not_away", who=whose.label))
        return
    actor = Actor.of(ask.who.person, ask.role, ask.channel)
    for absence in absences:
        await come_back(ask.unit, ask.world, actor, whose, absence, right=ask.role)
    await ask.answer(message("away.back", who=whose.label))


async def _tell_others(
    ask: Ask, whose: Person, when: Message, lines: tuple[Message, ...], *, count: int
) -> None:
    """The contact points act on it now, so it rings; who is away by another's word hears it."""
    text = message("away.told", *lines, who=whose.label, until=when, count=count)
    for person in await with_role(ask.unit, "contact_point", whose.partner):
        if person.key not in (ask.who.person.key, whose.key):
            how = How(loud=count > 0, lane=outbox.REST)
            await tell_person(ask.unit, row_id(person), text, how=how)
    if whose.key != ask.who.person.key:
        await tell_person(ask.unit, row_id(whose), message("away.by_other", *lines, until=when))


async def _absences_of(ask: Ask, person: Person) -> Sequence[Absence]:
    asked = {"region": ask.unit.region_id, "person": person.key, "now": ask.unit.now}
    return (await ask.unit.session.exec(_AWAY, params=asked)).all()


async def _roster(ask: Ask, person: Person) -> Roster:
    return await roster_of(ask.unit, [person.partner], span_ms=AHEAD_MS)
