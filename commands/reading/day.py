"""A day as people say it: `morgen`, `vr`, `27-11`, `3 augustus`."""

import re
from datetime import date, timedelta

from commands.reading.spoken_time import DAYS, MONTH, WEEKDAY
from commands.reading.words import phrase

_DATE = re.compile(r"(?P<day>[0-3]?\d)(?:[-/](?P<number>[01]?\d)| (?P<month>[a-z]+))")


def read_day(text: str, today: date) -> date | None:
    """The first such day from today on; None: it is none."""
    plain = phrase(text)
    if plain in DAYS:
        return today + timedelta(days=DAYS[plain])
    if plain in WEEKDAY:
        return today + timedelta(days=(WEEKDAY[plain] - today.weekday()) % 7)
    found = _DATE.fullmatch(plain)
    month = (MONTH.get(found["month"] or "") or int(found["number"] or 0)) if found else 0
    if found is None or not month:
        return None
    for year in (today.year, today.year + 1):
        try:
            day = date(year, month, int(found["day"]))
        except ValueError:
            continue
        if day >= today:
            return day
    return None
