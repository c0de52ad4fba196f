"""Rules of recurrence are small programs that somebody else wrote: bounded before they run."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from commands.roster.files.problem import Bad

_PERIOD_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
_EARLIEST = date(2000, 1, 1)
_MOST_STEPS = 2_000_000  # some ten seconds of counting
# Such days may never come (31 April), and then the search goes on to the year 9999.
_MAY_NEVER_COME = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")
_LAST_DAY = date(9999, 1, 1)
_SHORTER_THAN_DAYS = ("BYHOUR", "BYMINUTE", "BYSECOND")


def bounded(calendar: Any, until: datetime) -> int:
    """Lets no rule run behind `until`, and counts the events. Raises `Bad` for a rule that would
    run for minutes."""
    steps = count = 0
    for event in calendar.walk("VEVENT"):
        count += 1
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            steps += _steps(event, rule, until)
            if steps > _MOST_STEPS:
                raise Bad("too_much_repeating")
    return count


def _steps(event: Any, rule: Any, until: datetime) -> int:
    """How often a rule must be counted on. It ends at `until` from now on."""
    begin = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(begin, date):
        raise Bad("damaged_calendar")
    first = begin.date() if isinstance(begin, datetime) else begin
    period = _PERIOD_DAYS.get(str(next(iter(rule.get("FREQ", [])), "")).upper())
    if period is None or any(len(rule.get(part, [])) > 1 for part in _SHORTER_THAN_DAYS):
        raise Bad("too_much_repeating")  # several times a day: no roster is like that
    if first < _EARLIEST:
        raise Bad("begins_too_early")
    last = until.date()
    if "COUNT" in rule:
        if any(part in rule for part in _MAY_NEVER_COME):
            last = _LAST_DAY
    else:
        _end(rule, begin, until)
    interval = max(int(next(iter(rule.get("INTERVAL", [1])), 1)), 1)
    return max((last - first).days, 0) // (period * interval) + 1


def _end(rule: Any, begin: date, until: datetime) -> None:
    """A rule that ends by itself earlier keeps its own end."""
    own = next(iter(rule.get("UNTIL", [])), None)
    if own is not None and _utc(own) <= until:
        return
    latest = until + timedelta(days=1)
    whole_day = not isinstance(begin, datetime)
    floating = isinstance(begin, datetime) and begin.tzinfo is None
    rule["UNTIL"] = [
        latest.date() if whole_day else latest.replace(tzinfo=None) if floating else latest
    ]


def _utc(when: date | datetime) -> datetime:
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
