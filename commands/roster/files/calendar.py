"""A calendar (RFC 5545) becomes planned shifts: one for every event that names somebody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from commands.messages import At, Message, Param
from commands.roster.files.event_words import Spoken, read_event
from commands.roster.files.given import Given
from commands.roster.files.names import Names, Unclear, function_in
from commands.roster.files.parsed import Parsed, ParsedRoster
from commands.roster.files.problem import Bad, Problem
from commands.roster.files.recurrence import bounded
from commands.roster.files.table import overlaps
from commands.rules.moments import HOUR, MINUTE, instant, last_instant, local
from commands.rules.roster.replacement import Planned
from commands.rules.roster.rule import Seat

MOST_SHIFTS = 10_000
MONTHS = 13
_SHORT = 2 * HOUR
_AHEAD = timedelta(days=MONTHS * 365 // 12 + 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_calendar(content: bytes, names: Names, given: Given) -> Parsed:
    """Shifts from today on, for thirteen months."""
    calendar = _opened(content)
    today = local(given.now).date()
    last = today + _AHEAD
    title = " ".join((str(calendar.get("X-WR-CALNAME", "")), given.hint))
    found = list(
        _occurrences(calendar, instant(today, time()), instant(last, time()), given.most_days)
    )
    if not found:
        return (Problem("no_events"),)
    problems: dict[tuple[str, str], Problem] = {}
    planned: list[Planned] = []
    for event, begin, end in found:
        spoken = read_event(event)
        seat = _seat(names, given, (title, spoken.summary))
        person = seat if isinstance(seat, Unclear) else _person(names, seat, spoken)
        if isinstance(person, Unclear) or isinstance(seat, Unclear):
            if isinstance(person, Unclear):  # an event that comes back is wrong once
                about = _problem(begin, person)
                problems.setdefault((str(event.get("UID", begin)), person.code), about)
            continue
        planned += _in_days(Planned(seat, spoken.role, person, begin, end))
        if len(planned) > MOST_SHIFTS:
            raise Bad("too_many_events", n=MOST_SHIFTS)
    clashing = [
        Problem("events_overlap", params={"when": At(later.start)})
        for _, later in overlaps(planned)
    ]
    if problems or clashing:
        return (*problems.values(), *clashing)
    return ParsedRoster(
        planned=tuple(planned),
        seats=tuple(dict.fromkeys(each.seat for each in planned)),
        days=(min(today, *(local(each.start).date() for each in planned)), last),
    )


def _opened(content: bytes) -> Any:
    import icalendar  # 0.1 s: only for who sends a calendar

    try:
        calendar: Any = icalendar.Calendar.from_ical(content)
    except Exception:  # noqa: BLE001 - whatever a library makes of a file that is not right
        raise Bad("damaged_calendar") from None
    if str(calendar.get("METHOD", "")).upper() == "CANCEL":
        raise Bad("no_events")
    return calendar


def _occurrences(
    calendar: Any, begin: int, end: int, most_days: int
) -> Iterator[tuple[Any, int, int]]:
    import recurring_ical_events

    since, until = _utc(begin), _utc(end)
    try:
        if bounded(calendar, until, most_days) > MOST_SHIFTS:
            raise Bad("too_many_events", n=MOST_SHIFTS)
        found = recurring_ical_events.of(calendar).between(since, until)
    except Bad:
        raise
    except Exception:  # noqa: BLE001 - a broken property raises when it is looked at
        raise Bad("damaged_calendar") from None
    if len(found) > MOST_SHIFTS:
        raise Bad("too_many_events", n=MOST_SHIFTS)
    for event in found:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start, stop = _instant(event.start), min(_instant(event.end), end)
        if start < stop and start < end:
            yield event, start, stop


def _instant(when: date | datetime) -> int:
    """Without a time zone it is the wall clock here; whole minutes."""
    if not isinstance(when, datetime):
        return instant(when, time())
    if when.tzinfo is None:
        return instant(when.date(), when.time().replace(second=0, microsecond=0))
    return (when.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1) // MINUTE * MINUTE


def _utc(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def _seat(names: Names, given: Given, words: tuple[str, ...]) -> Seat | Unclear:
    """What somebody says with the file counts, then the title of the calendar, then the event's."""
    partner = given.partner
    if partner is None:
        named = {
            each.key
            for each in names.region.partners
            if any(function_in(each.functions, text) for text in words)
        }
        if len(named) != 1:
            return Unclear("event_partner")
        partner = named.pop()
    functions = names.region.partner(partner).functions
    said = (function_in(functions, text) for text in words)
    function = given.function or names.only_function(partner) or next(filter(None, said), None)
    if function is None:
        unknown = names.function(partner, "")
        return Unclear("event_function", unknown.choices if isinstance(unknown, Unclear) else None)
    return Seat(partner, function, given.place)


def _person(names: Names, seat: Seat, spoken: Spoken) -> str | Unclear:
    """The one person whom the title names; else who attends; else the description."""
    refused: Unclear | None = None
    for source in spoken.sources:
        found: set[str] = set()
        for part in source:
            one = names.person(seat.partner, seat.function, part)
            if not isinstance(one, Unclear):
                found.add(one)
            elif one.code != "unknown_person":
                refused = refused or one
        if len(found) > 1:
            return Unclear("event_people")
        if found:
            return found.pop()
    return refused or Unclear("event_nobody", names.choices(seat.partner))


def _problem(begin: int, unclear: Unclear) -> Problem:
    params: dict[str, Param] = {"choices": unclear.choices} if unclear.choices else {}
    finding = Message(f"import.problem.{unclear.code}", params)
    return Problem("event", params={"when": At(begin), "finding": finding})


def _in_days(shift: Planned) -> Iterator[Planned]:
    """In parts of a day at most, and on the wall clock, as a table would have them: in the hour
    that comes twice two of them overlap and never leave a gap."""
    if shift.end - shift.start < _SHORT:  # it may lie within that hour
        yield shift
        return
    begin, end = local(shift.start), local(shift.end)
    day, clock = begin.date(), begin.time()
    while (day, clock) < (end.date(), end.time()):
        after = day + timedelta(days=1)
        last = min((after, clock), (end.date(), end.time()))
        start, stop = instant(day, clock), last_instant(*last)
        if start < stop:
            yield replace(shift, start=start, end=stop)
        day = after
