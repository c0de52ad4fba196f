"""Phone numbers: Dutch ones in every common writing, and those of other countries."""

import re
from collections.abc import Iterator
from functools import lru_cache

from commands.guard.digits import count_clocks, leading_clock
from commands.guard.hit import Spot

_GAP = r"[ .,\-/()]{0,4}"
_FREE = r"(?<![\d+])(?<!\d[:.])"  # not the end of 18:00 or of a longer number
# A mobile number, also one digit short or long, with a letter or a word for the zero.
_MOBILE = re.compile(
    r"(?<![a-z\d+])(?<!\d[:.])(?:[0o]|nul)"
    rf"{_GAP}6(?:{_GAP}\d){{7}}(?:{_GAP}\d|(?:{_GAP}\d){{2}}|)(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_WRITINGS = [
    re.compile(writing, re.ASCII)
    for writing in (
        rf"{_FREE}\(?0{_GAP}[1-9](?:{_GAP}\d){{8}}(?!\d)",  # ten digits
        rf"{_FREE}6\d{{8}}(?!\d)",  # mobile without the zero
        rf"(?<!\d)\+{_GAP}\d(?:{_GAP}\d){{7,14}}(?!\d)",  # with a country code
        rf"{_FREE}00[1-9](?:{_GAP}\d){{7,13}}(?!\d)",
    )
]
# A local number without its area code, where the word in front tells what it is.
_NAMED = re.compile(
    r"(?<![a-z])(?:tel|telefoon|telefoonnummer|telnr|mobiel|mob|gsm|phone)\b[ .:]{0,3}"
    rf"(?:nummer|nr)?[ .:]{{0,3}}(\d(?:{_GAP}\d){{5,9}})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
# Only such stretches are worth the library's time. Bounded, so that long texts stay linear.
_STRETCH = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[ .\-/()]{0,4}\d){6,30}(?!\d)")
_SHORTEST_ALLOWED = 7  # no detector reads fewer digits as a phone number


def find_phones(text: str) -> Iterator[Spot]:
    """Phone numbers. Opening hours such as 09.00 17.00 are none."""
    for found in _MOBILE.finditer(text):
        if count_clocks(found.group()) < 2:  # one may be the number itself: 06.12 34 56 78
            yield Spot("phone", *found.span())
    for writing in _WRITINGS:
        for start, end in _without_clocks(writing, text):
            yield Spot("phone", start, end)
    for found in _NAMED.finditer(text):
        if not count_clocks(found[1]):
            yield Spot("phone", *found.span(1))
    for start, end in _without_clocks(_STRETCH, text):
        for first, last in _by_library(text[start:end]):
            yield Spot("phone", start + first, start + last)


def allowed_spots(text: str, allowed: frozenset[str]) -> list[tuple[int, int]]:
    """Where the region's own desk and dial-in numbers stand, in any writing."""
    writing = _allowed_writing(allowed)
    return [found.span() for found in writing.finditer(text)] if writing else []


@lru_cache(maxsize=64)
def _allowed_writing(allowed: frozenset[str]) -> re.Pattern[str] | None:
    writings = []
    for number in sorted(allowed):
        digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
        if len(digits) < _SHORTEST_ALLOWED:
            continue
        for prefix in ("0031", "31"):
            if digits.startswith(prefix) and (number.strip().startswith("+") or prefix == "0031"):
                digits = "0" + digits.removeprefix(prefix).removeprefix("0")
                break
        rest = _GAP.join(digits[1:])
        first = rf"(?:(?:\+|00){_GAP}31{_GAP}(?:0{_GAP})?|0)" if digits[0] == "0" else digits[0]
        writings.append(rf"{first}{_GAP}{rest}")
    return re.compile(rf"(?<![\d+])\(?(?:{'|'.join(writings)})(?!\d)") if writings else None


def _without_clocks(writing: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where it matches; a clock time at the beginning is stepped over, not the digits behind."""
    position = 0
    while found := writing.search(text, position):
        start, end = found.span()
        clock = leading_clock(text, start, end)
        if clock:
            position = clock
        else:
            yield start, end
            position = end


def _by_library(stretch: str) -> Iterator[tuple[int, int]]:
    # Imported at first use: a start that only checks the configuration need not pay for it.
    from phonenumbers import PhoneNumberMatcher

    for match in PhoneNumberMatcher(stretch, "NL"):
        yield match.start, match.end
