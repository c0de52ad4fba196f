"""A deadline in a line of text: `vóór 18:00`, `uiterlijk morgen 12:00`, `before Fri 18:00`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.reading.spoken_time import SpokenTime, last_limit
from commands.reading.words import clean

ZONE = ZoneInfo("Europe/Amsterdam")

_WITHIN = re.compile(
    r"(?<!\w)(?:binnen|within) (?P<count>\d{1,3}|een half|half an|een|an?|half) ?"
    r"(?P<unit>minuten|minuut|minutes?|min|uren|uur|u|hours?)(?!\w)"
)


@dataclass(frozen=True)
class Deadline:
    """When something must be done. `at_ms` is UTC epoch milliseconds, always ahead of now."""

    at_ms: int
    past: bool  # the moment as typed is behind us; `at_ms` is a proposal to ask about


def read_deadline(text: str, now_ms: int) -> tuple[str, Deadline | None]:
    """The text without its deadline, and the deadline; the text as it is when there is none.

    Times are wall clock Europe/Amsterdam. A time without a day is today's; when that is
    past, the next day's is proposed (for a weekday the next week's, for a date the next
    year's). A day without a time counts to its end after `uiterlijk` and `by`, to its
    beginning after `vóór` and `before`. In the night that has 02:30 twice the first one
    counts that is not past.
    """
    line = clean(text)
    plain = _plain(line)
    deadline: Deadline | None
    if limit := last_limit(plain):
        start, end = limit.start, limit.end
        deadline = _moment(limit, now_ms)
    elif within := _WITHIN.search(plain):
        start, end = within.span()
        deadline = Deadline(now_ms + _duration(within), past=False)
    else:
        return line, None
    if deadline is None:
        return line, None
    left = f"{line[:start].rstrip(' ,;:-–')} {line[end:].lstrip(' ,;.!')}"
    return left.strip(" ,;:-–"), deadline


def _plain(line: str) -> str:
    """Lower case without accents, sign for sign as long as the line itself."""
    return "".join(
        lowered[0] if (lowered := unicodedata.normalize("NFKD", sign).lower()) else sign
        for sign in line
    )


def _duration(found: re.Match[str]) -> int:
    unit = 60_000 if found["unit"].startswith("min") else 3_600_000
    if found["count"].isdigit():
        return max(int(found["count"]), 1) * unit
    return unit // 2 if "half" in found["count"] else unit


def _moment(limit: SpokenTime, now_ms: int) -> Deadline | None:
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZONE).date()
    step = timedelta(days=1)
    if limit.date:
        next_date = _next_date(*limit.date, today)
        if next_date is None:
            return None
        day, step = next_date, timedelta(0)
    elif limit.weekday is not None:
        day = today + timedelta(days=(limit.weekday - today.weekday()) % 7)
        step = timedelta(days=7)
    else:
        day = today + timedelta(days=limit.days)
    clock = limit.clock
    if clock is None:
        clock = time(0) if limit.from_day_start else time(23, 59)
    if limit.next_midnight:
        day += timedelta(days=1)
    for fold in (0, 1):
        at = _instant(day, clock, fold)
        if at > now_ms:
            return Deadline(at, past=False)
    if limit.night:  # `vannacht 02:00`, said in the evening
        return Deadline(_instant(day + step, clock, 0), past=False)
    later = day + step if step else _next_date(day.month, day.day, day + timedelta(days=1))
    return Deadline(_instant(later, clock, 0), past=True) if later else None


def _next_date(month: int, day: int, earliest: date) -> date | None:
    for year in (earliest.year, earliest.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:  # 31-2, or 29-2 in most years
            continue
        if found >= earliest:
            return found
    return None


def _instant(day: date, clock: time, fold: int) -> int:
    """UTC epoch milliseconds. 02:30 in the night that has none becomes 03:30."""
    return int(datetime.combine(day, clock, ZONE).replace(fold=fold).timestamp() * 1000)
