"""`waarnemer`: who stands in where nobody does, or for whom has the shift. Also the two buttons
under the warning of a gap."""

from commands.ask import Ask
from commands.choices import begin_of, page_of
from commands.declare import command
from commands.messages import Action, Word, message
from commands.people import by_key, row_id
from commands.roster.change import stand_in_for
from commands.roster.colleagues import can_be_there, can_stand, who_can_stand
from commands.roster.load import roster_of
from commands.roster.next_duty import OwnShift, own_shifts
from commands.roster.reach import reaching_roster
from commands.roster.seats import paged_seats
from commands.roster.spoken_shift import from_argument, shift_text, to_argument
from commands.rules.moments import DAY
from commands.rules.roster.course import stretches
from commands.rules.roster.gaps import gaps
from commands.rules.roster.rule import DutyRole, Seat
from commands.tell import How, tell_person
from storage import outbox
from storage.access_log import Actor
from storage.tables import GapWarning

AHEAD_MS = 14 * DAY


@command(
    "stand_in",
    right="rostered",
    nl=("waarnemer",),
    en=("stand-in", "standin"),
    where=("direct",),
    about="nothing",
)
async def stand_in(ask: Ask) -> None:
    """Which shift? A contact point sees the gaps, who stands on a roster the own shifts."""
    buttons = await _shifts_to_choose(ask, 0)
    if not buttons:
        await ask.answer(message("stand_in.nothing"))
        return
    await ask.answer(message("stand_in.which"), actions=buttons, slot="stand_in")


@command("stand_in_more", right="rostered", about="nothing")
async def more_shifts(ask: Ask) -> None:
    """The next shifts."""
    buttons = await _shifts_to_choose(ask, begin_of(ask.argument)[0])
    await ask.settle(message("stand_in.which" if buttons else "stand_in.nothing"), buttons)


async def _shifts_to_choose(ask: Ask, begin: int) -> tuple[Action, ...]:
    choices = await _gaps_of(ask) if ask.who.person.has_role("contact_point") else []
    if not choices:
        roster = await roster_of(ask.unit, [ask.who.person.partner], span_ms=AHEAD_MS)
        choices = own_shifts(roster, ask.who.person, ask.unit.now, ask.unit.now + AHEAD_MS)
    buttons = [
        Action(
            "stand_in_who",
            shift_text(ask.world, shift.seat, shift.start, shift.end),
            to_argument(shift),
        )
        for shift in choices
    ]
    return page_of(buttons, begin, "stand_in_more")


@command("gap_name", right="contact_point", about="nothing")
async def name_for_gap(ask: Ask) -> None:
    """[Wijs aan] under the warning of a gap."""
    shift = await _gap(ask)
    if shift is not None:
        await _ask_who(ask, shift)


@command("gap_take", right="contact_point", about="nothing")
async def take_gap(ask: Ask) -> None:
    """[Ik neem hem] under the warning of a gap."""
    shift = await _gap(ask)
    if shift is None:
        return
    if not can_stand(ask.who.person, shift.seat):
        await _ask_who(ask, shift)
        return
    await _put_in(ask, shift, ask.who.person.key)


@command("stand_in_who", right="rostered", about="nothing")
async def who_stands_in(ask: Ask) -> None:
    """A shift was chosen: by whom?"""
    await _ask_who(ask, from_argument(ask.argument))


@command("stand_in_others", right="rostered", about="nothing")
async def other_people(ask: Ask) -> None:
    """The next colleagues."""
    begin, argument = begin_of(ask.argument)
    await _ask_who(ask, from_argument(argument), begin)


@command("stand_in_set", right="rostered", about="nothing")
async def set_stand_in(ask: Ask) -> None:
    """A colleague was chosen."""
    key, _, argument = ask.argument.partition(" ")
    shift = from_argument(argument)
    if shift.end <= ask.unit.now or not await _may(ask, shift):
        await ask.settle(message("swap.gone"))
        return
    await _put_in(ask, shift, key)


async def _put_in(ask: Ask, shift: OwnShift, key: str) -> None:
    person = await by_key(ask.unit, key)
    if person is None or not can_stand(person, shift.seat):
        await ask.settle(message("swap.gone"))
        return
    begin = max(shift.start, ask.unit.now)
    if not await can_be_there(ask.unit, ask.world, person, begin, shift.end):
        await ask.settle(message("stand_in.not_there", who=person.label))
        return
    other: DutyRole = "backup" if shift.role == "primary" else "primary"
    if await _stands(ask, shift.seat, key, other, begin, shift.end):
        await ask.settle(message("stand_in.other_role"))
        return
    leaves = ask.who.person.key if not ask.who.person.has_role("contact_point") else None
    actor = Actor.of(ask.who.person, ask.role, ask.channel)
    await stand_in_for(
        ask.unit,
        ask.world,
        actor,
        shift.seat,
        (begin, shift.end),
        enters=key,
        leaves=leaves,
        role=shift.role,
        right=ask.role,
    )
    named = shift_text(ask.world, shift.seat, begin, shift.end)
    await ask.settle(message("stand_in.done", shift=named, who=person.label))
    if person.key != ask.who.person.key:
        text = message("stand_in.you", shift=named, role=Word(f"roster.role.{shift.role}"))
        soon = begin - ask.unit.now < DAY
        await tell_person(ask.unit, row_id(person), text, how=How(loud=soon, lane=outbox.REST))


async def _ask_who(ask: Ask, shift: OwnShift, begin: int = 0) -> None:
    people = await who_can_stand(ask.unit, shift.seat, but=ask.who.person.key)
    if can_stand(ask.who.person, shift.seat) and ask.who.person.has_role("contact_point"):
        people = [ask.who.person, *people]
    if not people:
        await ask.settle(message("swap.nobody"))
        return
    buttons = [
        Action("stand_in_set", person.label, f"{person.key} {to_argument(shift)}")
        for person in people
    ]
    page = page_of(buttons, begin, "stand_in_others", to_argument(shift))
    text = shift_text(ask.world, shift.seat, shift.start, shift.end)
    await ask.settle(message("stand_in.who", shift=text), page)


async def _may(ask: Ask, shift: OwnShift) -> bool:
    """The contact point for the own organisation, everybody else for the own shift."""
    me = ask.who.person
    if shift.seat.partner != me.partner:
        return False
    if me.has_role("contact_point"):
        return True
    return await _stands(ask, shift.seat, me.key, shift.role, shift.start, shift.end)


async def _stands(ask: Ask, seat: Seat, key: str, role: DutyRole, start: int, end: int) -> bool:
    roster = await roster_of(ask.unit, [seat.partner], since=start, span_ms=end - start)
    return any(each.holder(role) == key for each in stretches(roster, seat, start, end))


async def _gap(ask: Ask) -> OwnShift | None:
    row = await ask.unit.session.get(GapWarning, int(ask.argument))
    stale = row is None or row.mended_at is not None or row.end_at <= ask.unit.now
    if row is None or stale or row.partner != ask.who.person.partner:
        await ask.settle(message("swap.gone"))
        return None
    role: DutyRole = "backup" if row.role == "backup" else "primary"
    seat = Seat(row.partner, row.function, row.place)
    return OwnShift(seat, role, max(row.start_at, ask.unit.now), row.end_at)


async def _gaps_of(ask: Ask) -> list[OwnShift]:
    roster = await reaching_roster(ask.unit, ask.world, AHEAD_MS)
    partner = ask.who.person.partner
    seats = [seat for seat in paged_seats(roster, ask.world) if seat.partner == partner]
    roles: tuple[DutyRole, ...] = ("primary", "backup")
    found = gaps(roster, seats, ask.unit.now, ask.unit.now + AHEAD_MS, roles)
    return [OwnShift(gap.seat, gap.role, gap.start, gap.end) for gap in found]
