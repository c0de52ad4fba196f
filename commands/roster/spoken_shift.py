"""A shift in words, and as the argument of a button."""

import json

from commands.messages import At, Message, message
from commands.roster.next_duty import OwnShift
from commands.roster.seats import seat_name
from commands.rules.roster.rule import DutyRole, Seat
from commands.world import World


def span(start: int, end: int) -> Message:
    """ "vr 22:00 – za 08:00"."""
    return message("roster.span", since=At(start), until=At(end))


def shift_text(world: World, seat: Seat, start: int, end: int) -> Message:
    """ "politie, vr 22:00 – za 08:00"."""
    return message("roster.shift", partner=seat_name(world, seat), slots=span(start, end))


def to_argument(shift: OwnShift) -> str:
    """For a button; `from_argument` reads it back."""
    seat = shift.seat
    return json.dumps([seat.partner, seat.function, seat.place, shift.role, shift.start, shift.end])


def from_argument(text: str) -> OwnShift:
    """Only ever what `to_argument` wrote: buttons come from our own rows."""
    partner, function, place, role, start, end = json.loads(text)
    which: DutyRole = "backup" if role == "backup" else "primary"
    return OwnShift(Seat(partner, function, place), which, start, end)
