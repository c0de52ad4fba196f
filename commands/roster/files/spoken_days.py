"""Days, dates and times as people write them in a sheet."""

import re
from datetime import date, time

from commands.reading.words import fold

_WEEKDAYS = (
    "ma maandag mon monday", "di dinsdag tue tues tuesday", "wo woensdag wed wednesday",
    "do donderdag thu thur thurs thursday", "vr vrijdag fri friday", "za zaterdag sat saturday",
    "zo zondag sun sunday", "feestdag feestdagen holiday holidays",
)  # fmt: skip
_DAY = {
    form: number
    for number, words in enumerate(_WEEKDAYS)
    for word in words.split()
    for form in (word, f"{word}s", f"{word}en")
}
_WORKDAYS, _WEEKEND, _ALL = frozenset(range(5)), frozenset({5, 6}), frozenset(range(7))
_GROUP = {
    **dict.fromkeys(("werkdag", "werkdagen", "workday", "workdays", "weekdays", "weekdagen",
                     "doordeweeks"), _WORKDAYS),
    **dict.fromkeys(("weekend", "weekends", "weekenden"), _WEEKEND),
    **dict.fromkeys(("elke dag", "iedere dag", "alle dagen", "every day", "daily", "dagelijks",
                     "all days"), _ALL),
}  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:[,;&+/]|\ben\b|\band\b)\s*")
_RANGE = re.compile(r"(\w+)\.?\s*(?:-|–|—|t/m|tm|tot en met|to|through)\s*(\w+)\.?")

_MONTHS = (
    "jan januari january", "feb februari february", "mrt maart mar march", "apr april",
    "mei may", "jun juni june", "jul juli july", "aug augustus august",
    "sep sept september", "okt oktober oct october", "nov november", "dec december",
)  # fmt: skip
_MONTH = {word: n for n, words in enumerate(_MONTHS, start=1) for word in words.split()}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_SPOKEN = re.compile(r"(\d{1,2})\.?[- ]?([a-z]+)\.?[- ]?(\d{4}|\d{2})")
_CLOCK = re.compile(
    r"(?:(\d{1,2})[:.](\d{2})(?::00)?|(\d{1,2}))\s*(?:uur|u|h)?|(\d{1,2})[uh](\d{2})|(\d{2})(\d{2})"
)
_YEARS = range(2020, 2100)  # anything else is a slip of the finger


def read_days(text: str) -> frozenset[int] | None:
    """`ma t/m vr`, `za, zo`, `werkdagen`, `feestdagen`: Monday is 0, 7 is a public holiday."""
    plain = " ".join(fold(text).split())
    if not plain:
        return None
    whole = _days(plain)
    if whole is not None:
        return whole
    found: set[int] = set()
    for part in _BETWEEN.split(plain.replace("t/m", "-")):
        days = _days(part.strip())
        if days is None:
            return None
        found |= days
    return frozenset(found)


def _days(text: str) -> frozenset[int] | None:
    if text in _GROUP:
        return _GROUP[text]
    if text.rstrip(".") in _DAY:
        return frozenset({_DAY[text.rstrip(".")]})
    between = _RANGE.fullmatch(text)
    if between is None or not {between[1], between[2]} <= _DAY.keys():
        return None
    first, last = _DAY[between[1]], _DAY[between[2]]
    if 7 in (first, last):
        return None
    return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))


def read_date(text: str) -> date | None:
    """`24-11-2026`, `24 nov 2026`, `di 24 november 2026`, `2026-11-24`: never month first."""
    plain = " ".join(fold(text).replace(",", " ").split())
    first, _, rest = plain.partition(" ")
    if first.rstrip(".") in _DAY and rest:
        plain = rest
    plain = plain.removesuffix(" 00:00:00")
    if iso := _ISO.fullmatch(plain):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if dutch := _DUTCH.fullmatch(plain):
        return _date(_year(dutch[3]), int(dutch[2]), int(dutch[1]))
    spoken = _SPOKEN.fullmatch(plain)
    if spoken and spoken[2] in _MONTH:
        return _date(_year(spoken[3]), _MONTH[spoken[2]], int(spoken[1]))
    return None


def read_time(text: str) -> tuple[time, bool] | None:
    """`8`, `8:30`, `08.30 uur`, `17u30`, `24:00`; and whether it is the midnight of day's end."""
    plain = fold(text).strip()
    if plain in ("middernacht", "midnight"):
        return time(), True
    found = _CLOCK.fullmatch(plain)
    if found is None:
        return None
    numbers = [int(group) for group in found.groups() if group is not None]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour == 24 and minute == 0:
        return time(), True
    return (time(hour, minute), False) if hour < 24 and minute < 60 else None


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if year in _YEARS else None
