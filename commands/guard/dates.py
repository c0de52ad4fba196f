"""Dates of birth. A date with a year is one; without a year only where the words say so."""

import re
from collections.abc import Iterator

from commands.guard.hit import Spot

_MONTHS = (
    *("januari january jan", "februari february feb", "maart march mrt mar maa", "april apr"),
    *("mei may", "juni june jun", "juli july jul", "augustus august aug"),
    *("september sept sep", "oktober october okt oct", "november nov", "december dec"),
)
_MONTH = "|".join(sorted(" ".join(_MONTHS).split(), key=len, reverse=True))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUMBER = r"(?:0?[1-9]|1[0-2])"
_FRONT = r"(?<![\w:/+])(?<!\d[.-])"
# Behind two digits: `10-12-14 jaar` are ages, `3 mei 14 uur` is a time.
_COUNTED = r"(?! ?(?:uur|u|h|jaar|jr|jarige?|keer|x|min|minuten|dagen|weken|kinderen)\b)"
_BEHIND = r"(?![\w:/]|[.-]\d)"
_YEAR = r"(?:(?P<year>\d{4})|['’]?\d{2}(?!\d)" + _COUNTED + ")"
_FLAGS = re.IGNORECASE | re.ASCII
_ORDINAL = r"(?:ste|de|e|st|nd|rd|th)?"

_WITH_YEAR = [
    re.compile(_FRONT + form + _BEHIND, _FLAGS)
    for form in (
        rf"{_DAY}(?P<gap> ?[-./] ?){_NUMBER}(?P=gap){_YEAR}",
        rf"{_DAY} {{1,2}}{_NUMBER} {{1,2}}(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})(?P<gap>[-./ ]){_NUMBER}(?P=gap){_DAY}",
        rf"{_DAY}{_ORDINAL}[ .-]{{0,2}}(?:of )?(?:{_MONTH})\.?[ ,.-]{{0,2}}{_YEAR}",
        rf"(?:{_MONTH})\.? {_DAY}{_ORDINAL},? (?P<year>\d{{4}})",
        r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?P<year>\d{4})",
        r"(?P<year>\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    )
]
_OF_BIRTH = re.compile(
    r"(?<![a-z])(?:geb(?:\.|oren|oortedatum|oortedag|dat(?:um)?)?|jarig|verjaart|verjaardag"
    r"|gebdatum|born|birthday|birth ?date|date of birth|d\.?o\.?b|bday)\b"
    rf"[ .:,(*]{{0,4}}(?:(?:op|is|on|in|datum|dag|de|the|[a-z]{{2,9}}dag)[ .:]{{1,2}}){{0,3}}"
    rf"(?P<date>{_DAY}{_ORDINAL} ?(?:[-./ ] ?{_NUMBER}(?: ?[-./ ] ?['’]?(?:\d{{4}}|\d\d))?"
    rf"|(?:{_MONTH})\b\.?(?: ['’]?(?:\d{{4}}|\d\d))?)|\d{{6}}|\d{{8}}"
    rf"|(?:{_MONTH}) {_DAY}{_ORDINAL})(?![\w:])",
    _FLAGS,
)
_EARLIEST = 1900


def find_birth_dates(text: str, this_year: int) -> Iterator[Spot]:
    """Dates with a year from 1900 to this one (two digits always are), and dates without a
    year behind words such as `geb.`. `sinds 3 mei` and a deadline next year are none.
    """
    for form in _WITH_YEAR:
        for found in form.finditer(text):
            year = found["year"]
            if year is None or _EARLIEST <= int(year) <= this_year:
                yield Spot("birth_date", *found.span())
    for found in _OF_BIRTH.finditer(text):
        yield Spot("birth_date", *found.span("date"))
