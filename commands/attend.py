"""Coming to the overleg: reminded shortly before; later, or not after all."""

from commands.ask import Ask
from commands.declare import command
from commands.fix_consultation import reminder_slot
from commands.members import leading, members_of
from commands.messages import Action, At, Message, Partners, Span, Word, message
from commands.outside_room import lines_outside
from commands.people import row_id
from commands.present_consultation import still
from commands.tell import How, tell_person, tell_room
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Consultation


async def remind(unit: Unit, world: World, case: Case, planned: Consultation) -> None:
    """Ring everybody; worthless once it has begun. Who is outside the room has no link, and reads
    whom to call."""
    at = planned.fixed_at or unit.now
    text = message(
        "consult.reminder", ref=case.reference or "", time=At(at), rest=Span(at - unit.now)
    )
    calls = await lines_outside(unit, world, case)
    later = Action("consult_late", Word("button.come_later"), str(row_id(planned)))
    how = How(loud=True, lane=outbox.ANSWERS, case=case, expires_at=at)
    for member in await members_of(unit, case):
        slot = reminder_slot(planned)
        call = calls.get(member.person_id)
        said = text if call is None else Message(text.key, text.params, (call,))
        await tell_person(unit, member.person_id, said, actions=(later,), slot=slot, how=how)


@command("consult_late", right="member", about="consultation")
async def consult_late(ask: Ask) -> None:
    """Somebody comes later: the others hear it in the room."""
    if await still(ask, "fixed") is not None:
        text = message("consult.late", partner=_own_partner(ask))
        await ask.log("change", "consultation", right="member")
        await tell_room(ask.unit, ask.about, text)
        await ask.settle(text)


@command("consult_cannot", right="member", about="consultation")
async def consult_cannot(ask: Ask) -> None:
    """Not after all: the room hears it, and whoever leads decides about a new time."""
    planned = await still(ask, "fixed")
    if planned is None:
        return
    unit, case = ask.unit, ask.about
    noted = message("consult.cannot", partner=_own_partner(ask))
    await ask.log("change", "consultation", right="member")
    await tell_room(unit, case, noted)
    text, buttons = _new_time(ask, planned)
    leaders = await leading(unit, case)
    if ask.who.id in leaders:
        await ask.settle(text, buttons)
        return
    await ask.settle(noted)
    slot = f"consult-cannot:{row_id(planned)}:{ask.who.id}"
    how = How(loud=True, lane=outbox.ANSWERS, case=case)
    for person_id in leaders:
        await tell_person(unit, person_id, text, actions=buttons, slot=slot, how=how)


@command("consult_keep", right="member", about="consultation")
async def consult_keep(ask: Ask) -> None:
    """No new time is looked for."""
    planned = await still(ask, "fixed")
    if planned is not None:
        await ask.settle(message("consult.kept", when=At(planned.fixed_at or ask.unit.now)))


def _new_time(ask: Ask, planned: Consultation) -> tuple[Message, tuple[Action, ...]]:
    number = str(row_id(planned))
    reference = ask.about.reference or ""
    return message("consult.cannot_ask", partner=_own_partner(ask), ref=reference), (
        Action("consult_again", Word("button.new_time"), number),
        Action("consult_keep", Word("button.keep_time"), number, stop=True),
    )


def _own_partner(ask: Ask) -> Partners:
    return Partners((ask.who.person.partner,))
