"""A text in plain signs, with the way back to the spots in what was typed.

People and keyboards write one number in many signs: full-width or Arabic digits, other
dashes, hard spaces, signs that show nothing in between. The detectors see one form only.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from commands.reading.words import is_invisible

# Signs that people put between the groups of a number as they would a dash.
_DASHES = frozenset("_*~|\u2212\u00b7\u2022\u2043\u30fb")


@dataclass(frozen=True)
class Plain:
    """Plain signs. Sign number i came from `typed[origin[i]]`; one more origin is the end."""

    text: str
    origin: tuple[int, ...]

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """The spot in the typed text, with the hidden signs directly behind it."""
        return self.origin[start], max(self.origin[end], self.origin[end - 1] + 1)

    def without(self, spots: Iterable[tuple[int, int]]) -> "Plain":
        """The same text with these spots, in order, blanked out: no detector reads them."""
        pieces: list[str] = []
        done = 0
        for start, end in spots:
            pieces += (self.text[done:start], "§" * (end - start))
            done = end
        return Plain("".join((*pieces, self.text[done:])), self.origin)


def plain(text: str) -> Plain:
    """Plain signs: every decimal digit 0–9, every dash `-`, every white space one blank.

    Hidden signs and accents that stand by themselves are left out.
    """
    signs: list[str] = []
    origin: list[int] = []
    for position, typed in enumerate(text):
        if typed.isascii():
            forms = "-" if typed in _DASHES else typed if typed.isprintable() else " "
        else:
            forms = unicodedata.normalize("NFKC", typed)
        for form in forms:
            sign = form if form.isascii() else _plain_sign(form)
            if sign:
                signs.append(sign)
                origin.append(position)
    return Plain("".join(signs), (*origin, len(text)))


def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Pd" or sign in _DASHES:
        return "-"
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if category in ("Mn", "Me") or is_invisible(sign):
        return ""
    return sign
