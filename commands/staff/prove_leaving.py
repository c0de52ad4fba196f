"""Is somebody who left really out of everything? Looked at anew from the rows, by other code than
the one that took them out, two minutes later and for three minutes more."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import col, select

from commands.messages import At, Listed, Message, Word, message
from commands.people import by_id, row_id, with_role
from commands.roster.load import roster_of
from commands.rules.moments import MINUTE
from commands.rules.roster.course import stretches
from commands.staff.held_cases import SHIFTS_WITHIN_MS
from commands.tell import How, show_person, tell_operators
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Identity, Invitation, Member, OutboxRow, Person, TimerRow
from storage.timers import set_timer

FIRST_LOOK_MS = 2 * MINUTE
LAST_LOOK_MS = 5 * MINUTE  # by then it must be so everywhere
_AGAIN_MS = MINUTE


def prove_later(unit: Unit, person: Person, asked_by: int | None) -> None:
    """`asked_by`: the contact point who hears it; None: it was the person's own wish."""
    _look_at(unit, person, unit.now + FIRST_LOOK_MS, str(asked_by or ""))


def _look_at(unit: Unit, person: Person, at: int, asked_by: str) -> None:
    set_timer(unit, "leave_check", f"leaver:{row_id(person)}", at, argument=asked_by)


async def prove(unit: Unit, person_id: int, asked_by: str) -> None:
    """Tell that all is done, look again in a minute, or tell what is still open."""
    person = await by_id(unit, person_id)
    left_at = person.left_at or unit.now
    still = await _still_in(unit, person)
    if still and unit.now < left_at + LAST_LOOK_MS:
        next_look = min(unit.now + _AGAIN_MS, left_at + LAST_LOOK_MS)
        _look_at(unit, person, next_look, asked_by)
        return
    await note(unit, BOT, "read", "leaving", right="guard", on_behalf=person.key)
    which = Listed(tuple(Word(f"leave.left.{area}") for area in still))
    label, time = person.label, At(left_at)
    if still:
        text = message("leave.open", function=label, time=time, which=which)
        await tell_operators(
            unit, message("operator.not_left", label=person.label, time=time, which=which)
        )
    else:
        who = message("leave.who", function=label)
        text = message("leave.done", who, time=time, until=At(unit.now))
    await _tell(unit, person, asked_by, text, loud=bool(still))


async def _tell(unit: Unit, person: Person, asked_by: str, text: Message, *, loud: bool) -> None:
    role, partner = ("contact_point", person.partner) if person.partner else ("operator", None)
    people = [row_id(each) for each in await with_role(unit, role, partner)]
    if asked_by:
        people = [int(asked_by)]
    for person_id in people:
        how = How(loud=loud, lane=outbox.ANSWERS)
        await show_person(unit, person_id, f"leave:{row_id(person)}", text, how=how)


async def _still_in(unit: Unit, person: Person) -> list[str]:
    """Words for where this person still is, each once."""
    await unit.write()
    still = ["accounts"] if person.active or person.roles else []
    for area, rows in _left_behind(unit, row_id(person)):
        if (await unit.session.exec(rows.limit(1))).first() is not None:
            still.append(area)
    if await _stands_somewhere(unit, person):
        still.append("roster")
    return list(dict.fromkeys(still))


def _left_behind(unit: Unit, person_id: int) -> Iterator[tuple[str, Any]]:
    """Questions that must find nothing: what is on its way to them, rooms that we could not take
    them out of, cases that count them in, ways in, and clocks that would speak to them."""
    yield (
        "messages",
        select(OutboxRow.id).where(
            col(OutboxRow.destination).startswith(f"person:{person_id}:"),
            col(OutboxRow.state).in_(("pending", "sending")),
        ),
    )
    yield (
        "rooms",
        select(OutboxRow.id).where(
            OutboxRow.slot == f"leave:{person_id}",
            col(OutboxRow.kind).in_(("remove", "leave")),
            OutboxRow.state != "sent",
        ),
    )
    yield (
        "cases",
        select(Member.id).where(
            Member.person_id == person_id,
            col(Member.left_at).is_(None) | col(Member.joined_at).is_not(None),
        ),
    )
    yield "accounts", select(Identity.id).where(Identity.person_id == person_id)
    yield (
        "accounts",
        select(Invitation.id).where(
            Invitation.person_id == person_id,
            col(Invitation.used_at).is_(None),
            Invitation.expires_at > unit.now,
        ),
    )
    yield (
        "clocks",
        select(TimerRow.id).where(
            TimerRow.subject == f"person:{person_id}", TimerRow.state == "live"
        ),
    )


async def _stands_somewhere(unit: Unit, person: Person) -> bool:
    """Every seat of the organisation, whatever functions the person had."""
    if not person.partner:
        return False
    roster = await roster_of(unit, [person.partner], span_ms=SHIFTS_WITHIN_MS)
    seats = {rule.seat for rule in roster.rules} | {change.seat for change in roster.changes}
    until = unit.now + SHIFTS_WITHIN_MS
    return any(
        person.key in (stretch.primary, stretch.backup)
        for seat in seats
        for stretch in stretches(roster, seat, unit.now, until)
    )
