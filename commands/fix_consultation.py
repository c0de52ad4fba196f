"""A time is fixed: the room gets link and calendar file, everybody hears it, clocks are set."""

import base64

from sqlmodel import col, func, select

from commands import ask_times, measures
from commands.calendar_file import MEDIA_TYPE, calendar_file, file_name
from commands.headline import refresh
from commands.members import members_of
from commands.messages import Action, At, Message, Number, Span, Word, message
from commands.outside_room import lines_outside
from commands.people import row_id
from commands.places import case_place
from commands.rows_of_consultation import votes_of
from commands.rules.moments import MINUTE
from commands.tell import How, show_person, show_room, standing, stands_for, tell_person
from commands.world import World, frozen_protocol
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Consultation
from storage.timers import cancel_timers, set_timer

ROOM_SLOT = "consultation"


def subject_of(planned: Consultation) -> str:
    """The subject of all timers of an overleg."""
    return f"consultation:{row_id(planned)}"


def choice_slot(planned: Consultation) -> str:
    """The message that asks the initiator to choose, when the vote cannot."""
    return f"consult-choice:{row_id(planned)}"


def fixed_slot(planned: Consultation) -> str:
    """The message that tells the time to somebody whom an edit would not reach."""
    return f"consult-fixed:{row_id(planned)}"


async def fix(
    unit: Unit, world: World, case: Case, planned: Consultation, at: int, by: int | None = None
) -> None:
    """It is at this moment (UTC epoch milliseconds). `by`: whose tap settled it; no ring."""
    planned.state, planned.fixed_at = "fixed", at
    in_time = at <= (case.consult_by or at)
    kind = "consultation_in_time" if in_time else "consultation_late"
    measures.record(unit, case, kind, value=at - (case.opened_at or at))
    await cancel_timers(unit, subject_of(planned))
    await show_room(unit, case, ROOM_SLOT, room_text(unit, world, case, planned))
    await _send_calendar_file(unit, world, case, planned)
    remind_at = at - frozen_protocol(case).consultation.remind * MINUTE
    soon = remind_at <= unit.now
    calls = await lines_outside(unit, world, case)
    voters = {vote.person_id for vote in await votes_of(unit, planned) if vote.choices}
    for member in await members_of(unit, case):
        rings = member.person_id != by and (soon or member.person_id not in voters)
        call = calls.get(member.person_id)
        await tell(unit, case, planned, member.person_id, loud=rings, call=call)
    await _close_choice(unit, case, planned)
    if not soon:
        _set_timer(unit, case, planned, "consult_remind", remind_at)
    if at > unit.now:
        _set_timer(unit, case, planned, "consult_starts", at)
    await refresh(unit, world, case)


async def tell(
    unit: Unit,
    case: Case,
    planned: Consultation,
    person_id: int,
    *,
    loud: bool,
    call: Message | None = None,
) -> None:
    """The time, in somebody's own chat: as an edit of the question, or as a message that rings
    (or that is new, where nothing was asked). `call`: whom to call, for who is outside the room."""
    text = fixed_text(unit, case, planned, call)
    buttons = (
        Action("consult_cannot", Word("button.cannot_after_all"), str(row_id(planned)), stop=True),
    )
    asked = await ask_times.close(unit, case, planned, person_id, text, () if loud else buttons)
    if loud or not asked:
        how = How(loud=loud, lane=outbox.ANSWERS, case=case)
        slot = fixed_slot(planned)
        await tell_person(unit, person_id, text, actions=buttons, slot=slot, how=how)


async def give_up(unit: Unit, case: Case, planned: Consultation) -> None:
    """Another overleg takes its place: messages, clocks and link of this one are over."""
    planned.state = "replaced"
    await cancel_timers(unit, subject_of(planned))
    text = replaced_text(case)
    for vote in await votes_of(unit, planned):
        await close_all(unit, case, planned, vote.person_id, text)
    if await _stands(unit, case_place(case), ROOM_SLOT):
        await show_room(unit, case, ROOM_SLOT, text)


async def close_all(
    unit: Unit, case: Case, planned: Consultation, person_id: int, text: Message
) -> None:
    """Whatever this overleg asks somebody: it is over, and says so."""
    await ask_times.close(unit, case, planned, person_id, text)
    for slot in (fixed_slot(planned), choice_slot(planned), reminder_slot(planned)):
        await _change_if_it_stands(unit, case, person_id, slot, text)


def reminder_slot(planned: Consultation) -> str:
    """The message that rings shortly before."""
    return f"consult-remind:{row_id(planned)}"


def fixed_text(
    unit: Unit, case: Case, planned: Consultation, call: Message | None = None
) -> Message:
    """When it is. The link is in the room; who is outside reads whom to call instead."""
    at, reference = planned.fixed_at or unit.now, case.reference or ""
    where, lines = ("_outside", (call,)) if call is not None else ("", ())
    if at <= unit.now:
        return message(f"consult.fixed_now{where}", *lines, ref=reference)
    rest = Span(at - unit.now)
    return message(f"consult.fixed{where}", *lines, ref=reference, when=At(at), rest=rest)


def replaced_text(case: Case) -> Message:
    """This time is off, another one comes."""
    return message("consult.replaced", ref=case.reference or "")


def room_text(unit: Unit, world: World, case: Case, planned: Consultation) -> Message:
    """When it is and where to meet: for the case room only. It does not ring and stands for
    long, so it never says how long from now."""
    at, reference = planned.fixed_at or unit.now, case.reference or ""
    meeting = world.region.meeting
    link = meeting.link_for(planned.secret)
    line = message("consult.link", link=link)
    if meeting.dial_in is not None:
        line = message("consult.link_dial_in", link=link, number=Number(meeting.dial_in))
    if at <= unit.now:
        return message("consult.room_now", line, ref=reference)
    return message("consult.room", line, ref=reference, when=At(at))


async def _send_calendar_file(unit: Unit, world: World, case: Case, planned: Consultation) -> None:
    found = await unit.session.exec(
        select(func.count(col(Consultation.id))).where(
            Consultation.case_id == row_id(case),
            col(Consultation.fixed_at).is_not(None),
            col(Consultation.id) < row_id(planned),
        )
    )
    reference = case.reference or ""
    content = calendar_file(
        world,
        reference,
        planned.fixed_at or unit.now,
        world.region.meeting.link_for(planned.secret),
        now=unit.now,
        sequence=found.one(),
    )
    outbox.queue(
        unit,
        channel=case.channel,
        destination=case_place(case),
        kind="file",
        payload={
            "name": file_name(reference),
            "media_type": MEDIA_TYPE,
            "content": base64.b64encode(content).decode(),
        },
        lane=outbox.REST,
        case=case,
    )


async def _close_choice(unit: Unit, case: Case, planned: Consultation) -> None:
    text = message("consult.chosen", when=At(planned.fixed_at or unit.now))
    for member in await members_of(unit, case):
        await _change_if_it_stands(unit, case, member.person_id, choice_slot(planned), text)


async def _change_if_it_stands(
    unit: Unit, case: Case, person_id: int, slot: str, text: Message
) -> None:
    if await stands_for(unit, person_id, slot):
        how = How(lane=outbox.ANSWERS, case=case)
        await show_person(unit, person_id, slot, text, how=how)


async def _stands(unit: Unit, place: str, slot: str) -> bool:
    """True if this message was sent, or is on its way."""
    return (
        await standing(unit, place, slot) is not None
        or await outbox.waiting(unit, place, slot) is not None
        or await outbox.in_flight(unit, place, slot)
    )


def _set_timer(unit: Unit, case: Case, planned: Consultation, kind: str, at: int) -> None:
    set_timer(unit, kind, subject_of(planned), at, case_id=row_id(case))
