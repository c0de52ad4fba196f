"""`rooster`: your own shifts of the coming weeks; `rooster gaten`: where nobody stands."""

from commands.ask import Ask
from commands.declare import command
from commands.messages import Message, Word, message
from commands.reading.words import phrase
from commands.roster.load import roster_of
from commands.roster.next_duty import own_shifts
from commands.roster.reach import reaching_roster
from commands.roster.seats import paged_seats, seat_name
from commands.roster.spoken_shift import span
from commands.rules.moments import DAY
from commands.rules.roster.gaps import gaps
from commands.rules.roster.quality import Quality, quality
from commands.rules.roster.rule import DutyRole, Roster, Seat

AHEAD_MS = 14 * DAY
MOST_LINES = 20
ROLES: tuple[DutyRole, ...] = ("primary", "backup")
_GAPS = frozenset({"gaten", "gat", "gaps", "gap"})


@command(
    "roster",
    right="anyone",
    nl=("rooster",),
    en=("roster",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def show_roster(ask: Ask) -> None:
    """Functions and times, and never a name."""
    words = phrase(ask.words)
    if words in _GAPS or (not words and not ask.who.person.has_role("duty")):
        await _show_gaps(ask)
    elif words:
        await ask.answer(message("roster.how"))
    else:
        await _show_own(ask)


async def _show_own(ask: Ask) -> None:
    now, person = ask.unit.now, ask.who.person
    roster = await roster_of(ask.unit, [person.partner], span_ms=AHEAD_MS)
    coming = own_shifts(roster, person, now, now + AHEAD_MS)
    if not coming:
        await ask.answer(message("roster.none"))
        return
    lines = [
        message(
            "roster.own",
            slots=span(shift.start, shift.end),
            role=Word(f"roster.role.{shift.role}"),
            partner=seat_name(ask.world, shift.seat),
        )
        for shift in coming
    ]
    await ask.answer(message("roster.title", *_first(lines)))


async def _show_gaps(ask: Ask) -> None:
    """Of the own organisation; a coordinator sees those of all."""
    roster = await reaching_roster(ask.unit, ask.world, AHEAD_MS)
    seats = [seat for seat in paged_seats(roster, ask.world) if _concerns(ask, seat)]
    if not seats:
        await ask.answer(message("roster.no_seats"))
        return
    await ask.answer(_gaps_text(ask, roster, seats))


def _gaps_text(ask: Ask, roster: Roster, seats: list[Seat]) -> Message:
    now = ask.unit.now
    found = gaps(roster, seats, now, now + AHEAD_MS, ROLES)
    score = quality(roster, seats, now, now + AHEAD_MS)
    lines = [
        message(
            "roster.gap",
            partner=seat_name(ask.world, gap.seat),
            role=Word(f"roster.role.{gap.role}"),
            slots=span(gap.start, gap.end),
        )
        for gap in found
    ]
    lines = _first(lines)
    lines.append(message("roster.quality", *_reasons(score), count=score.points))
    if not found:
        return message("roster.no_gaps", *lines)
    return message("roster.gaps", *lines, n=len(found))


def _first(lines: list[Message]) -> list[Message]:
    """As many as a screen holds; the rest is counted."""
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], message("roster.more", count=len(lines) - MOST_LINES)]


def _reasons(score: Quality) -> tuple[Message, ...]:
    return tuple(
        message(f"roster.reason.{reason.finding}", n=reason.count, days=reason.hours)
        for reason in score.reasons
    )


def _concerns(ask: Ask, seat: Seat) -> bool:
    person = ask.who.person
    return person.has_role("coordinator") or seat.partner == person.partner
