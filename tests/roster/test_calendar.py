"""Calendars: recurring events, exceptions, zones, whole days, cancelled ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from commands.roster.files.given import Given
from commands.rules.moments import HOUR, instant, local
from commands.rules.roster.rule import Seat
from tests.roster.region import NOW, read, wrong

OM = Given("om", only="om", now=NOW)
POLICE = Given("politie", only="politie", now=NOW)
UTC_ZONE = ""
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, more: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{more}{ZONE}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


WEEKLY = """UID:1
SUMMARY:Officier van justitie 1
DTSTART;TZID=Europe/Amsterdam:20260706T080000
DTEND;TZID=Europe/Amsterdam:20260706T170000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Amsterdam:20260720T080000"""
MOVED = """UID:1
RECURRENCE-ID;TZID=Europe/Amsterdam:20260727T080000
SUMMARY:achterwacht: om_ovj2
DTSTART;TZID=Europe/Amsterdam:20260728T090000
DTEND;TZID=Europe/Amsterdam:20260728T100000"""


def test_what_comes_back_with_its_exceptions() -> None:
    parsed = read("a.ics", calendar(WEEKLY, MOVED), OM)
    assert [(local(s.start).isoformat(), s.role, s.person) for s in parsed.planned] == [
        ("2026-07-13T08:00:00+02:00", "primary", "om_ovj1"),
        ("2026-07-28T09:00:00+02:00", "backup", "om_ovj2"),
    ]
    assert parsed.seats == (Seat("om", "ovj"),)
    assert parsed.days is not None
    assert parsed.days[0] == date(2026, 7, 10)
    assert parsed.days[1] > date(2027, 8, 1), "what is no longer in the calendar goes"


def test_a_series_keeps_its_hour_on_the_wall_over_the_change_of_the_clock() -> None:
    weekly = WEEKLY.replace("20260706", "20261019").replace("EXDATE", "X-NOT")
    shifts = read("a.ics", calendar(weekly), OM).planned
    assert {local(each.start).time() for each in shifts} == {time(8)}


def test_zones_floating_times_and_utc() -> None:
    parsed = read(
        "a.ics",
        calendar(
            "UID:1\nSUMMARY:om_ovj1\nDTSTART:20260714T060000Z\nDTEND:20260714T100000Z",
            "UID:2\nSUMMARY:om_ovj1\nDTSTART:20260715T080000\nDURATION:PT4H",
            "UID:3\nSUMMARY:om_ovj1\nDTSTART;TZID=Europe/London:20260716T070000\nDURATION:PT4H",
        ),
        OM,
    )
    assert [(local(s.start).hour, (s.end - s.start) // HOUR) for s in parsed.planned] == [
        (8, 4),
        (8, 4),
        (8, 4),
    ]


def test_no_shift_is_lost_in_the_hour_that_comes_twice() -> None:
    event = "UID:1\nSUMMARY:om_ovj1\nDTSTART:20261025T005000Z\nDTEND:20261025T014000Z"
    (shift,) = read("a.ics", calendar(event), OM).planned
    assert shift.end - shift.start == 50 * 60_000
    long = event.replace("DTEND:20261025T01", "DTEND:20261025T06")
    (shift,) = read("a.ics", calendar(long), OM).planned
    assert shift.end - shift.start >= 5 * HOUR + 50 * 60_000


def test_whole_days_are_cut_into_days() -> None:
    event = (
        "UID:1\nSUMMARY:Officier van justitie 2\n"
        "DTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261027"
    )
    shifts = read("a.ics", calendar(event), OM).planned
    assert [(s.end - s.start) // HOUR for s in shifts] == [24, 25, 24]
    assert shifts[0].start == instant(date(2026, 10, 24), time())


def test_what_is_cancelled_or_over_is_no_shift() -> None:
    gone = WEEKLY.replace("UID:1", "UID:2\nSTATUS:CANCELLED")
    over = "UID:3\nSUMMARY:wie dan ook\nDTSTART:20260101T080000\nDURATION:PT4H"
    assert len(read("a.ics", calendar(WEEKLY, gone, over), OM).planned) == 3 - 1
    assert wrong("a.ics", calendar(gone), OM) == [("no_events", 0, None)]
    cancelled = calendar(WEEKLY, more="METHOD:CANCEL\n")
    assert wrong("a.ics", cancelled, OM) == [("no_events", 0, None)]


WHEN = "DTSTART:20260714T060000Z\nDURATION:PT4H"


@pytest.mark.parametrize(
    ("words", "person", "role"),
    [
        ("SUMMARY:Officier van Justitie 1 (achterwacht)", "om_ovj1", "backup"),
        ("SUMMARY:Backup om_ovj2", "om_ovj2", "backup"),
        ("SUMMARY:Piket - om_ovj1", "om_ovj1", "primary"),
        ("SUMMARY:Dienst\nATTENDEE;CN=officier van justitie 3:mailto:x@om.example", "om_ovj3",
         "primary"),
        ("SUMMARY:Dienst\nATTENDEE:MAILTO:om_ovj3@om.example", "om_ovj3", "primary"),
        ("SUMMARY:Dienst\nDESCRIPTION:om_ovj2\\nmeer tekst", "om_ovj2", "primary"),
    ],
)  # fmt: skip
def test_who_it_is(words: str, person: str, role: str) -> None:
    (shift,) = read("a.ics", calendar(f"UID:1\n{words}\n{WHEN}"), OM).planned
    assert (shift.person, shift.role) == (person, role)


def test_which_function_it_is() -> None:
    event = f"UID:1\nSUMMARY:wijk1\n{WHEN}"
    named = calendar(event, more="X-WR-CALNAME:Rooster wijkagent THV zomer\n")
    assert read("a.ics", named, POLICE).seats == (Seat("politie", "wijkagent"),)
    given = Given("politie", "wijkagent", "Noord", now=NOW)
    assert read("a.ics", calendar(event), given).seats == (Seat("politie", "wijkagent", "Noord"),)
    assert wrong("a.ics", calendar(event), POLICE) == [("event", 0, None)]
    assert wrong("a.ics", calendar(event)) == [("event", 0, None)]


def test_who_nobody_knows_is_told_once_for_a_series() -> None:
    unknown = WEEKLY.replace("Officier van justitie 1", "Jan Jansen")
    other = f"UID:2\nSUMMARY:cvd1\n{WHEN}"
    both = f"UID:3\nSUMMARY:om_ovj1 / om_ovj2\n{WHEN}"
    assert len(wrong("a.ics", calendar(unknown, other, both), OM)) == 3


def test_two_at_once_are_told() -> None:
    other = f"UID:2\nSUMMARY:om_ovj2\n{WHEN}"
    assert wrong("a.ics", calendar(f"UID:1\nSUMMARY:om_ovj1\n{WHEN}", other), OM) == [
        ("events_overlap", 0, None)
    ]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=SECONDLY", "too_much_repeating"),
        ("FREQ=HOURLY", "too_much_repeating"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "too_much_repeating"),
        ("FREQ=WHENEVER", "damaged_calendar"),
    ],
)
def test_rules_that_would_run_for_ever(rule: str, code: str) -> None:
    event = f"UID:1\nSUMMARY:om_ovj1\n{WHEN}\nRRULE:{rule}"
    assert wrong("a.ics", calendar(event), OM) == [(code, 0, None)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=YEARLY;BYWEEKNO=30;BYYEARDAY=1",
        "FREQ=YEARLY;BYMONTH=1;BYYEARDAY=200",
    ],
)
def test_the_search_for_days_that_never_come_does_not_begin(rule: str) -> None:
    event = f"UID:1\nSUMMARY:om_ovj1\n{WHEN}\nRRULE:{rule}"
    hurried = replace(OM, most_days=200_000)
    assert wrong("a.ics", calendar(event), hurried) == [("too_much_repeating", 0, None)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=14",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;UNTIL=20270101T000000Z",
        "FREQ=DAILY;COUNT=3",
    ],
)
def test_rules_of_real_calendars_are_taken(rule: str) -> None:
    event = f"UID:1\nSUMMARY:om_ovj1\n{WHEN}\nRRULE:{rule}"
    assert read("a.ics", calendar(event), replace(OM, most_days=2_000)).planned


def test_a_rule_that_begins_in_another_century_is_refused() -> None:
    event = f"UID:1\nSUMMARY:om_ovj1\n{WHEN}\nRRULE:FREQ=DAILY".replace("20260714", "19990714")
    assert wrong("a.ics", calendar(event), OM) == [("begins_too_early", 0, None)]


def test_more_than_ten_thousand_shifts_are_refused() -> None:
    events = [
        f"UID:{n}\nSUMMARY:om_ovj1\nDTSTART:20260714T060000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
        for n in range(30)
    ]
    assert wrong("a.ics", calendar(*events), OM) == [("too_many_events", 0, None)]


def test_ten_thousand_recurring_events_work() -> None:
    events = []
    for n in range(10_000):
        begin = datetime(2026, 7, 11, tzinfo=UTC) + timedelta(minutes=50 * n)
        events.append(
            f"UID:{n}\nSUMMARY:om_ovj{n % 3 + 1}\nDTSTART:{begin:%Y%m%dT%H%M%SZ}\nDURATION:PT50M\n"
            "RRULE:FREQ=YEARLY;COUNT=1"
        )
    assert len(read("a.ics", calendar(*events), OM).planned) >= 10_000


@pytest.mark.parametrize(
    "content", [b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"BEGIN:VCALENDAR\r\n\xff\xfe\x00"]
)
def test_a_damaged_calendar(content: bytes) -> None:
    assert wrong("a.ics", content, OM)[0][0] in ("damaged_calendar", "no_events")


def test_an_event_without_an_end_in_sight_ends_where_we_stop_looking() -> None:
    """Until further notice, as some programs write it: in another century."""
    for_good = "UID:1\nSUMMARY:om_ovj1\nDTSTART:20260713T060000Z\nDTEND:20991231T000000Z"
    parsed = read("a.ics", calendar(for_good), OM)
    days = {local(each.start).date() for each in parsed.planned}
    assert 390 < len(days) < 410, "thirteen months"
