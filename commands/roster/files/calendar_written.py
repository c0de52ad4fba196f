"""A roster as a calendar: who stands where, as it really will be."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from commands.roster.files.names import Names
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import DutyRole, Roster, Seat
from config.entry import Language

_ROLES: tuple[DutyRole, ...] = ("primary", "backup")
_WORDS = {
    "nl": {"primary": "voorwacht", "backup": "achterwacht"},
    "en": {"primary": "primary", "backup": "backup"},
}


def calendar_of(
    names: Names,
    roster: Roster,
    seats: Iterable[Seat],
    from_ms: int,
    until_ms: int,
    language: Language,
    now: int,
) -> bytes:
    """An event for everybody's every shift. One that stays has the same UID in every export."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Kortelijn//Kortelijn//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", names.region.name)
    for seat in seats:
        label = _label(names, seat, language)
        for role in _ROLES:
            for start, end, person in _shifts(roster, seat, role, from_ms, until_ms):
                event = Event()
                sign = f"{seat.partner} {seat.function} {seat.place} {role} {start}"
                uid = sha256(sign.encode()).hexdigest()[:32]
                event.add("uid", f"{uid}@{names.region.id}.kortelijn")
                event.add("dtstamp", _utc(now))
                event.add("dtstart", _utc(start))
                event.add("dtend", _utc(end))
                said = f"{names.written(person)} - {_WORDS[language][role]} - {label}"
                event.add("summary", said)
                calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _shifts(
    roster: Roster, seat: Seat, role: DutyRole, from_ms: int, until_ms: int
) -> Iterable[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for stretch in stretches(roster, seat, from_ms, until_ms):
        person = stretch.holder(role)
        if person is None:
            continue
        if found and found[-1][1:] == (stretch.start, person):
            found[-1] = (found[-1][0], stretch.end, person)
        else:
            found.append((stretch.start, stretch.end, person))
    return found


def _label(names: Names, seat: Seat, language: Language) -> str:
    partner = names.region.partner(seat.partner)
    function = partner.function(seat.function)
    words = [function.of(language) if function else seat.function]
    return ", ".join([*words, *([seat.place] if seat.place else [])])


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).replace(microsecond=0)
