"""`dienst morgen`: who is on duty on another day, by partner and function."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from commands.ask import Ask
from commands.messages import Day, Listed, Message, Named, Partners, Word, message
from commands.roster.next_duty import own_shifts
from commands.roster.seats import callable_roster, paged_seats, seat_name
from commands.roster.spoken_shift import span
from commands.rules.moments import DAY, instant
from commands.rules.roster.gaps import gaps
from commands.rules.roster.rule import DutyRole, Roster, Seat

AHEAD_MS = 367 * DAY


async def show_day(ask: Ask, day: date, partner: str | None = None) -> None:
    """A line per paged function, from midnight to midnight; and your own shifts."""
    begin, end = instant(day, time()), instant(day + timedelta(days=1), time())
    roster = await callable_roster(ask.unit, ask.world, max(DAY, end - ask.unit.now))
    seats = [seat for seat in paged_seats(roster, ask.world) if partner in (None, seat.partner)]
    lines = [_line(seat_name(ask.world, seat), roster, seat, begin, end) for seat in seats]
    if ask.where == "direct" and ask.who.person.has_role("duty"):
        own = own_shifts(roster, ask.who.person, begin, end)
        spans = Listed(tuple(span(shift.start, shift.end) for shift in own))
        lines.append(message("duty.day_you", slots=spans) if own else message("duty.you_none"))
    await ask.answer(message("duty.day", *lines, date=Day(begin)))


def _line(name: Partners | Named, roster: Roster, seat: Seat, begin: int, end: int) -> Message:
    backup = Word(f"word.{'yes' if not _holes(roster, seat, begin, end, 'backup') else 'no'}")
    empty = _holes(roster, seat, begin, end, "primary")
    if not empty:
        return message("duty.day_full", partner=name, backup=backup)
    if empty == [(begin, end)]:
        return message("duty.day_nobody", partner=name, backup=backup)
    spans = Listed(tuple(span(*each) for each in empty))
    return message("duty.day_gaps", partner=name, slots=spans, backup=backup)


def _holes(
    roster: Roster, seat: Seat, begin: int, end: int, role: DutyRole
) -> Sequence[tuple[int, int]]:
    return [(gap.start, gap.end) for gap in gaps(roster, [seat], begin, end, (role,))]
