"""The letters of our pictures: one small free font that comes with the program, how wide a text is
in it, and the accents that it lacks."""

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

FONT = Path(__file__).parent / "letters" / "Aileron-Regular.ttf"
FAMILY = "Aileron"
DOTLESS = "\u0131"
_INSTEAD = {"–": "-", "—": "-", "‑": "-", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "œ": "oe"}
_UNKNOWN = "?"
_TAIL = 12  # letters that are kept of the end


@dataclass(frozen=True)
class Sign:
    """One letter of the font, and the accents above or under it (combining marks)."""

    letter: str
    accents: str
    width: float  # of one em


@dataclass(frozen=True)
class _Font:
    widths: dict[str, float]

    def sign(self, letter: str, accents: str) -> Sign:
        known = letter if letter in self.widths else _UNKNOWN
        dotless = known == "i" and any(unicodedata.combining(each) == 230 for each in accents)
        return Sign(DOTLESS if dotless else known, accents, self.widths[known])


@lru_cache(maxsize=4_096)  # each text is measured several times before it is drawn
def signs(text: str) -> tuple[Sign, ...]:
    """What is to be drawn, from left to right."""
    found: list[Sign] = []
    plain = "".join(_INSTEAD.get(each, each) for each in text)
    for each in unicodedata.normalize("NFD", plain):
        if unicodedata.combining(each):
            if found:
                last = found.pop()
                letter = "i" if last.letter == DOTLESS else last.letter
                found.append(_font().sign(letter, last.accents + each))
        else:
            found.append(_font().sign(each, ""))
    return tuple(found)


def width(text: str, size: float) -> float:
    """Of one line, in the unit of `size`."""
    return sum(each.width for each in signs(text)) * size


def shortened(text: str, size: float, room: float) -> str:
    """As much of it as fits. What is left out is in its middle: the number comes last."""
    if width(text, size) <= room:
        return text
    kept = len(text)
    while kept > 1:
        kept -= 1
        tail = min(kept // 3, _TAIL)
        short = f"{text[: kept - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"
        if width(short, size) <= room:
            return short
    return "…"


@cache
def _font() -> _Font:
    data = FONT.read_bytes()
    tables = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[name] = offset
    em = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    metrics = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    widths = {}
    for sign, glyph in _glyphs(data, tables[b"cmap"]).items():
        place = tables[b"hmtx"] + 4 * min(glyph, metrics - 1)
        widths[sign] = struct.unpack_from(">H", data, place)[0] / em
    return _Font(widths)


def _glyphs(data: bytes, cmap: int) -> dict[str, int]:
    """Numbers of the glyphs, from the table of format 4 for Unicode (OpenType, `cmap`)."""
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * number)
        if (platform, encoding) == (3, 1):
            break
    table = cmap + offset
    count = struct.unpack_from(">H", data, table + 6)[0] // 2
    ends = table + 14
    starts = ends + 2 * count + 2
    found = {}
    for segment in range(count):
        (end,) = struct.unpack_from(">H", data, ends + 2 * segment)
        (start,) = struct.unpack_from(">H", data, starts + 2 * segment)
        (delta,) = struct.unpack_from(">h", data, starts + 2 * (count + segment))
        place = starts + 2 * (2 * count + segment)
        (shift,) = struct.unpack_from(">H", data, place)
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if shift:
                (glyph,) = struct.unpack_from(">H", data, place + shift + 2 * (code - start))
            if number := (glyph + delta) % 0x10000 if glyph or not shift else 0:
                found[chr(code)] = number
    return found
