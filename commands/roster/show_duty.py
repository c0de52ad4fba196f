"""Who is on duty now: by partner and function, never by name."""

from collections.abc import Sequence
from datetime import date

from commands.ask import Ask
from commands.declare import command
from commands.members import partner_words
from commands.messages import At, Message, Named, Partners, Word, message
from commands.places import group_place
from commands.reading.day import read_day
from commands.reading.words import phrase
from commands.roster.next_duty import own_shifts
from commands.roster.seats import callable_roster, paged_seats, seat_name
from commands.roster.show_day import show_day
from commands.rules.moments import local
from commands.rules.roster.course import LOOK_AHEAD, Stretch, stretches
from commands.rules.roster.rule import Roster
from commands.tell import payload
from commands.world import World
from config.wording import clock_with_day
from storage import outbox
from storage.store import Unit
from storage.tables import Person


@command(
    "duty",
    right="anyone",
    nl=("dienst", "wie heeft dienst"),
    en=("duty", "who is on duty"),
    where=("direct", "group"),
    about="nothing",
    takes_words=True,
)
async def show_duty(ask: Ask) -> None:
    """A line per paged function; in the own chat also when it is your turn. `dienst OM`: of one
    partner; `dienst morgen`, `dienst vr`, `dienst 27-11`: of another day."""
    partner, day = _meant(ask)
    if day is not None:
        await show_day(ask, day, partner)
        return
    roster = await callable_roster(ask.unit, ask.world)
    lines = _lines(roster, ask.world, ask.unit.now, partner)
    if ask.where == "group":
        _tell_group(ask, message("duty.title", *lines, now=_now(ask.unit)))
        return
    if ask.who.person.has_role("duty"):
        lines.append(_own_line(roster, ask.who.person, ask.unit.now))
    await ask.answer(message("duty.title", *lines, now=_now(ask.unit)))


def _lines(roster: Roster, world: World, now: int, partner: str | None) -> list[Message]:
    return [
        _line(seat_name(world, seat), stretches(roster, seat, now, now + LOOK_AHEAD))
        for seat in paged_seats(roster, world)
        if partner in (None, seat.partner)
    ]


def _line(partner: Partners | Named, course: Sequence[Stretch]) -> Message:
    now = course[0]
    backup = Word("word.yes" if now.backup else "word.no")
    after = next((each for each in course if each.primary != now.primary), None)
    if now.primary is None:
        if after is None:
            return message("duty.nobody", partner=partner, backup=backup)
        until = At(after.start)
        return message("duty.nobody_until", partner=partner, until=until, backup=backup)
    if after is None:
        return message("duty.steady", partner=partner, backup=backup)
    if after.primary is None:
        return message("duty.until_nobody", partner=partner, until=At(after.start))
    return message("duty.until", partner=partner, until=At(after.start), backup=backup)


def _own_line(roster: Roster, person: Person, now: int) -> Message:
    """The time that somebody stands there is one duty, whether primary or backup."""
    horizon = now + LOOK_AHEAD
    own = own_shifts(roster, person, now, horizon)
    if not own:
        return message("duty.you_none")
    start, end = own[0].start, own[0].end
    for shift in own[1:]:
        if shift.seat == own[0].seat and shift.start == end:
            end = shift.end
    if start > now:
        return message("duty.you", when=At(start))
    return message("duty.you_now", until=At(end)) if end < horizon else message("duty.you_steady")


def _meant(ask: Ask) -> tuple[str | None, date | None]:
    """Partner and day in the words behind `dienst`, in any order; the rest is passed over."""
    words = phrase(ask.words)
    partner = None
    for each in partner_words(ask.world):
        for name in sorted({phrase(word) for word in (each.key, *each.words)}, key=len):
            if name in words.split() or name == words:
                partner, words = each.key, words.replace(name, " ").strip()
    return partner, read_day(words, local(ask.unit.now).date()) if words else None


def _now(unit: Unit) -> Named:
    """The weekday belongs to it, also today."""
    return Named(clock_with_day(unit.now, unit.now, "nl"), clock_with_day(unit.now, unit.now, "en"))


def _tell_group(ask: Ask, text: Message) -> None:
    outbox.queue(
        ask.unit,
        channel=ask.channel,
        destination=group_place(ask.channel),
        kind="say",
        payload=payload(text),
        lane=outbox.ANSWERS,
    )
