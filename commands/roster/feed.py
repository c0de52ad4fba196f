"""Shifts as a calendar that other programs fetch again and again (RFC 5545, RFC 7986).

The same shift keeps its UID whatever becomes of its end: it is made of seat, role and the day on
which the shift begins. Nothing of any case stands here.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta

from sqlmodel import col, func, select

from commands.messages import Message, Param, Partners, Word
from commands.roster.calendar_lines import folded, instant, text
from commands.roster.feed_link import Kind
from commands.roster.load import roster_of
from commands.roster.next_duty import OwnShift, own_shifts
from commands.rules.moments import DAY, local
from commands.rules.moments import instant as first_instant
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import Roster, Seat
from commands.spoken import Voice
from commands.world import World
from config.entry import Language
from storage.store import Unit
from storage.tables import Person, RosterChange

BEFORE, AFTER = 7 * DAY, 90 * DAY
_LOOK_BACK = 31 * DAY  # a shift that runs has begun within
_LONGEST = 8 * DAY  # who stands for ever gets an entry a week, so that its beginning stays
_EPOCH = 1_577_836_800_000  # 2020, from where edits are counted in minutes


@dataclass(frozen=True)
class _Entry:
    shift: OwnShift
    label: str  # who stands there; empty in one's own calendar
    uid: str


async def feed(unit: Unit, world: World, person: Person, kind: Kind) -> bytes:
    """The calendar of somebody's own shifts, or of their organisation."""
    begin = unit.now - BEFORE - _LOOK_BACK
    span = BEFORE + _LOOK_BACK + AFTER + _LONGEST  # no shift is cut off that begins in time
    roster = await roster_of(unit, [person.partner], since=begin, span_ms=span)
    language: Language = "en" if (person.language or world.region.language) == "en" else "nl"
    voice = Voice(world.region, language, unit.now)
    changed = await _last_changes(unit, person.partner)
    people = {person.key: ""} if kind == "own" else await _labels(unit)
    find = _own if kind == "own" else _of_partner

    def made() -> bytes:
        shifts = find(roster, world, person, begin, begin + span)
        entries = [
            _Entry(shift, people.get(key, key), uid)
            for (key, shift), uid in zip(shifts, _uids(kind, shifts), strict=True)
            if shift.end > unit.now - BEFORE and shift.start < unit.now + AFTER
        ]
        return _calendar(voice, person.partner, kind, entries, changed)

    return await asyncio.to_thread(made)  # a tenth of a second for a large organisation


async def _labels(unit: Unit) -> dict[str, str]:
    found = await unit.session.exec(
        select(Person.key, Person.label).where(Person.region_id == unit.region_id)
    )
    return dict(found.all())


async def _last_changes(unit: Unit, partner: str) -> dict[Seat, int]:
    """When something was last changed for once in each seat."""
    made, undone = func.max(RosterChange.made_at), func.max(RosterChange.undone_at)
    seat = (RosterChange.partner, RosterChange.function, RosterChange.place)
    found = await unit.session.exec(
        select(*(col(each) for each in seat), made, undone)  # type: ignore[call-overload]
        .where(RosterChange.region_id == unit.region_id, RosterChange.partner == partner)
        .group_by(*(col(each) for each in seat))
    )
    return {Seat(*row[:3]): max(row[3], row[4] or 0) for row in found}


_Shifts = list[tuple[str, OwnShift]]


def _own(roster: Roster, _world: World, person: Person, begin: int, end: int) -> _Shifts:
    mine = own_shifts(roster, person, begin, end)
    return [(person.key, part) for shift in mine for part in _weekly(shift)]


def _of_partner(roster: Roster, world: World, person: Person, begin: int, end: int) -> _Shifts:
    found: _Shifts = []
    functions = world.region.partner(person.partner).functions
    for function in functions:
        for seat in roster.seats_of(person.partner, function.key):
            course = stretches(roster, seat, begin, end)
            for role in ("primary", "backup"):
                runs: _Shifts = []
                for each in course:
                    key = each.primary if role == "primary" else each.backup
                    if key is None:
                        continue
                    if runs and runs[-1][0] == key and runs[-1][1].end == each.start:
                        runs[-1] = (key, replace(runs[-1][1], end=each.end))
                    else:
                        runs.append((key, OwnShift(seat, role, each.start, each.end)))
                found += [(key, part) for key, run in runs for part in _weekly(run)]
    return sorted(found, key=lambda each: (each[1].start, each[1].seat.function, each[1].role))


def _weekly(shift: OwnShift) -> Iterable[OwnShift]:
    """A duty without an end, in pieces that begin on Mondays."""
    if shift.end - shift.start <= _LONGEST:
        yield shift
        return
    start = shift.start
    while start < shift.end:
        day = local(start).date()
        monday = first_instant(day + timedelta(days=7 - day.weekday()), time())
        yield replace(shift, start=start, end=min(monday, shift.end))
        start = monday


def _calendar(
    voice: Voice, partner: str, kind: Kind, entries: Sequence[_Entry], changed: Mapping[Seat, int]
) -> bytes:
    title = voice.text(Message(f"calendar.name_{kind}", {"partner": Partners((partner,))}))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Kortelijn//Kortelijn//NL",
        "METHOD:PUBLISH",
        text("NAME", title),
        text("X-WR-CALNAME", title),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for entry in entries:
        lines += _event(voice, kind, entry, changed.get(entry.shift.seat, 0))
    return folded([*lines, "END:VCALENDAR"])


def _uids(kind: Kind, shifts: _Shifts) -> list[str]:
    """Of what stays of a shift while it is changed. In one's own calendar it is one's own; in
    that of the organisation another person in it is the same shift."""
    found = []
    known: dict[tuple[str, ...], int] = {}
    for key, shift in shifts:
        seat, day = shift.seat, local(shift.start).date()
        whose = key if kind == "own" else ""
        name = (kind, whose, seat.partner, seat.function, seat.place or "", shift.role, str(day))
        known[name] = number = known.get(name, 0) + 1
        found.append(hashlib.sha256("|".join((*name, str(number))).encode()).hexdigest()[:32])
    return found


def _event(voice: Voice, kind: Kind, entry: _Entry, changed: int) -> list[str]:
    shift = entry.shift
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}@{voice.region.id}.kortelijn",
        instant("DTSTAMP", changed or shift.start),
        instant("DTSTART", shift.start),
        instant("DTEND", shift.end),
        text("SUMMARY", _summary(voice, kind, entry)),
        f"SEQUENCE:{max(0, changed - _EPOCH) // 60_000}",
        *([instant("LAST-MODIFIED", changed)] if changed else []),
        "END:VEVENT",
    ]


def _summary(voice: Voice, kind: Kind, entry: _Entry) -> str:
    seat = entry.shift.seat
    function = voice.region.partner(seat.partner).function(seat.function)
    name = function.of(voice.language) if function is not None else seat.function
    told: dict[str, Param] = {
        "partner": Partners((seat.partner,)),
        "function": name if seat.place is None else f"{name} {seat.place}",
        "role": Word(f"calendar.{entry.shift.role}"),
        "label": entry.label,
    }
    return voice.text(Message(f"calendar.shift_{kind}", told))
