"""How times, spans and lists are written in messages. Pure: `now` is an argument.

Instants are UTC epoch milliseconds; people read the wall clock of Europe/Amsterdam.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from config.entry import Language

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MINUTE = 60_000
_WEEKDAYS = {
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
           "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August",
           "September", "October", "November", "December"),
}  # fmt: skip


def clock(ms: int, now: int, language: Language) -> str:
    """ "15:50" today, "za 08:00" within six days, else "vr 24 juli 08:00"."""
    moment, today = _local(ms), _local(now)
    hours = f"{moment:%H:%M}"
    days = abs((moment.date() - today.date()).days)
    if days == 0:
        return hours
    return f"{_weekday(moment, language) if days < 7 else date(ms, language)} {hours}"


def clock_with_day(ms: int, now: int, language: Language) -> str:
    """Like `clock`, but with the weekday today as well: "vr 16:30"."""
    text = clock(ms, now, language)
    return f"{_weekday(_local(ms), language)} {text}" if text[0].isdigit() else text


def date(ms: int, language: Language) -> str:
    """ "vr 24 juli", "Fri 24 July"."""
    moment = _local(ms)
    return f"{_weekday(moment, language)} {moment.day} {_MONTHS[language][moment.month - 1]}"


def date_with_year(ms: int, language: Language) -> str:
    """For paper: "vr 24 juli 2026"."""
    return f"{date(ms, language)} {_local(ms).year}"


def week(since: int, until: int, language: Language) -> str:
    """The dates of a week, `until` being its last day: "6–12 juli", "29 juni – 5 juli"."""
    first, last = _local(since), _local(until)
    months = _MONTHS[language]
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {months[last.month - 1]}"
    return f"{first.day} {months[first.month - 1]} – {last.day} {months[last.month - 1]}"


def rest(until: int, now: int, language: Language) -> str:
    """What is left, in whole minutes rounded up: "10 min", "2 u 47 min"; never below zero."""
    return span(until - now, language)


def span(ms: int, language: Language) -> str:
    """A length of time in whole minutes rounded up: "10 min", "2 u", "2 u 47 min"."""
    minutes = max(0, -(-ms // _MINUTE))
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    hour = "u" if language == "nl" else "h"
    return f"{hours} {hour} {minutes} min" if minutes else f"{hours} {hour}"


def capital(text: str) -> str:
    """For the start of a line: "de achterwacht" becomes "De achterwacht"."""
    return text[:1].upper() + text[1:]


def _local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(AMSTERDAM)


def _weekday(moment: datetime, language: Language) -> str:
    return _WEEKDAYS[language][moment.weekday()]
