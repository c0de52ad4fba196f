"""Rules of recurrence are small programs that somebody else wrote: bounded before they run."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from commands.roster.files.problem import Bad

_PERIOD_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
_EARLIEST = date(2000, 1, 1)
_LAST_DAY = date(9999, 1, 1)  # where the search for a day that never comes ends
_SHORTER_THAN_DAYS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_ALWAYS = {"BYMONTHDAY": 28, "BYYEARDAY": 365, "BYWEEKNO": 52, "BYSETPOS": 4}


def bounded(calendar: Any, until: datetime, most_days: int) -> int:
    """Lets no rule run behind `until`, and counts the events. Raises `Bad` where more than
    `most_days` would have to be looked at for all rules together: two or three in a millisecond."""
    days = count = 0
    for event in calendar.walk("VEVENT"):
        count += 1
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            days += _days(event, rule, until)
            if days > most_days:
                raise Bad("too_much_repeating")
    return count


def _days(event: Any, rule: Any, until: datetime) -> int:
    """How many days are looked at for this rule; it ends at `until` from now on."""
    begin = event.get("DTSTART").dt
    first = begin.date() if isinstance(begin, datetime) else begin
    period = _PERIOD_DAYS.get(str(_first(rule, "FREQ")).upper())
    if period is None or any(len(rule.get(part, [])) > 1 for part in _SHORTER_THAN_DAYS):
        raise Bad("too_much_repeating")  # several times a day: no roster is like that
    if first < _EARLIEST:
        raise Bad("begins_too_early")
    interval = max(int(_first(rule, "INTERVAL") or 1), 1)
    last = _LAST_DAY if _may_never_come(rule, interval) else until.date()
    if "COUNT" not in rule:
        _end(rule, begin, until)
    # every day of a period is looked at, but only of every so many periods
    return max((last - first).days, 0) // interval + period


def _may_never_come(rule: Any, interval: int) -> bool:
    """Such as 30 February: the end of the rule is asked only of days that it finds."""
    parts = [part for part in _ALWAYS if part in rule]
    seldom = any(abs(int(n)) > most for part, most in _ALWAYS.items() for n in rule.get(part, []))
    if parts == ["BYMONTHDAY"]:
        return seldom and ("BYMONTH" in rule or interval > 1)
    if parts == ["BYSETPOS"]:
        return seldom or "BYDAY" not in rule
    return len(parts) > 1 or seldom or bool(parts and "BYMONTH" in rule)


def _end(rule: Any, begin: date, until: datetime) -> None:
    """A rule that ends by itself earlier keeps its own end."""
    own = _first(rule, "UNTIL")
    if own is not None and _utc(own) <= until:
        return
    latest = until + timedelta(days=1)
    if not isinstance(begin, datetime):
        rule["UNTIL"] = [latest.date()]
    else:
        rule["UNTIL"] = [latest if begin.tzinfo else latest.replace(tzinfo=None)]


def _first(rule: Any, part: str) -> Any:
    given = rule.get(part)
    return given[0] if isinstance(given, list) and given else given


def _utc(when: date | datetime) -> datetime:
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
