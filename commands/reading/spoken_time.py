"""How people write a moment: `18u`, `vr 18:00`, `morgen 12.00`, `3 augustus`, `noon`.

Works on lower-case text without accents. Says what was written, not which moment it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

DAYS = {"vandaag": 0, "today": 0, "vanochtend": 0, "vanmiddag": 0, "vanavond": 0, "tonight": 0}
DAYS |= {"vannacht": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}
_LATER_HALF = frozenset({"vanmiddag", "vanavond", "tonight"})  # `vanavond 8:00` is 20:00
_WEEKDAYS = (
    *("ma maandag mon monday", "di dinsdag tue tuesday", "wo woensdag wed wednesday"),
    *("do donderdag thu thursday", "vr vrijdag fri friday", "za zaterdag sat saturday"),
    "zo zondag sun sunday",
)
WEEKDAY = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
MONTH = {name: number for number, name in enumerate(_MONTHS.split(), start=1)}
MONTH |= {name[:3]: number for name, number in MONTH.items()} | {"mrt": 3}
_NAMED = {"noon": time(12), "middernacht": time(0), "midnight": time(0)}


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LEAD = re.compile(
    r"(?<!\w)(?:uiterlijk )?"
    r"(?P<lead>voor|uiterlijk|before|by|no later than|niet later dan|deadline):? "
)
_DAY = re.compile(
    rf"(?:op )?(?:(?P<day>{_one_of([*DAYS, *WEEKDAY])})\.?"
    rf"|(?P<date>[0-3]?\d)(?: (?P<month>{_one_of(MONTH)})\.?|-(?P<number>[01]?\d)))(?![\w:-])"
)
_TIME = re.compile(
    r"(?:om |at )?(?:"
    r"(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d)(?: ?(?:uur|u|h))?"
    r"|(?P<hours> ?(?:uur|[uh](?P<minute_u>[0-5]\d)?)))?(?: ?(?P<half>am|pm))?"
    rf"|(?P<named>{_one_of(_NAMED)}))(?![\w:])"
)
_END = re.compile(r"[ .!]*$")


@dataclass(frozen=True)
class SpokenTime:
    """A time limit as written."""

    start: int  # of the whole phrase in the text, lead word included
    end: int
    from_day_start: bool  # a day alone: `vóór vr` ends where Friday begins, `uiterlijk vr` not
    days: int = 0  # after today
    weekday: int | None = None  # Monday is 0
    date: tuple[int, int] | None = None  # month, day of the month
    night: bool = False  # `vannacht`: the coming one
    clock: time | None = None
    next_midnight: bool = False  # 24:00 and midnight close the day


def last_limit(plain: str) -> SpokenTime | None:
    """The last time limit in the text: `plek voor 20:00 regelen, vóór 18:00` means 18:00.

    A day without a time only counts at the end of the text.
    """
    for lead in reversed([*_LEAD.finditer(plain)]):
        limit = _behind(plain, lead)
        if limit:
            return limit
    return None


def _behind(plain: str, lead: re.Match[str]) -> SpokenTime | None:
    day = _DAY.match(plain, lead.end())
    clock = _clock_at(plain, day.end() if day else lead.end())
    if clock and not day and plain.startswith(" ", clock.end()):
        day = _DAY.match(plain, clock.end() + 1)  # `12:00 morgen`
    last = max((found.end() for found in (day, clock) if found), default=0)
    if not last or (not clock and not _END.match(plain, last)):
        return None
    word = day["day"] if day else None
    at, next_midnight = _read_clock(clock, word) if clock else (None, False)
    month_day = None
    if day and day["date"]:
        month = MONTH[day["month"]] if day["month"] else int(day["number"])
        month_day = (month, int(day["date"]))
    return SpokenTime(
        start=lead.start(),
        end=last,
        from_day_start=lead["lead"] in ("voor", "before"),
        days=DAYS.get(word or "", 0),
        weekday=WEEKDAY.get(word or ""),
        date=month_day,
        night=word == "vannacht",
        clock=at,
        next_midnight=next_midnight,
    )


def _clock_at(plain: str, start: int) -> re.Match[str] | None:
    start += len(plain[start : start + 2]) - len(plain[start : start + 2].lstrip(", "))
    found = _TIME.match(plain, start)
    # A bare number is a count or an age: `voor 18 kinderen`.
    sure = found and any(found[name] for name in ("minute", "hours", "half", "named"))
    return found if sure else None


def _read_clock(found: re.Match[str], day: str | None) -> tuple[time, bool]:
    if found["named"]:
        return _NAMED[found["named"]], found["named"] != "noon"
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minute_u"] or 0)
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    elif day in _LATER_HALF and 0 < hour < 12:
        hour += 12
    return (time(0, minute), True) if hour == 24 else (time(hour, minute), False)
