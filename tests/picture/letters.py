"""Letters and emoji from locked packages: what is there, how wide it is, where it lies."""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from PIL import ImageFont

PACKAGES = Path(__file__).parent / "node_modules"
FONTS = PACKAGES / "@expo-google-fonts" / "noto-sans"
EMOJI = PACKAGES / "@iconify-json" / "noto"
REGULAR, SEMIBOLD = 400, 600
FILES = {
    REGULAR: FONTS / "400Regular" / "NotoSans_400Regular.ttf",
    SEMIBOLD: FONTS / "600SemiBold" / "NotoSans_600SemiBold.ttf",
}
FAMILY = "Noto Sans"
MEASURED_AT = 1000  # pixels: glyph widths are rounded to whole pixels there
SELECTOR = "\ufe0f"  # "as an emoji"; its name in the package is without
_NOT_A_LETTER = "\U0010ffff"
_CANDIDATE = re.compile(rf"[0-9*#]{SELECTOR}?\u20e3|[^\x00-\u203b]{SELECTOR}?")


class NoLetters(Exception):
    """The packages are not there; the message says how they come."""


@dataclass(frozen=True)
class Piece:
    """Part of a line: either letters, or one emoji."""

    text: str
    emoji: bool


def missing() -> str:
    """Why nothing can be drawn, or nothing at all."""
    lacking = [path for path in (*FILES.values(), EMOJI / "icons.json") if not path.exists()]
    return f"no {lacking[0].name}: run `npm ci` in tests/picture" if lacking else ""


@cache
def _font(weight: int) -> ImageFont.FreeTypeFont:
    if why := missing():
        raise NoLetters(why)
    return ImageFont.truetype(FILES[weight], MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


@cache
def has_letter(character: str, weight: int = REGULAR) -> bool:
    """Whether the font has this character itself, not only the box that stands for none."""
    font = _font(weight)
    return character.isspace() or bytes(font.getmask(character)) != bytes(
        font.getmask(_NOT_A_LETTER)
    )


class _Emoji:
    """The drawings, by character."""

    @cached_property
    def _names(self) -> dict[str, str]:
        if why := missing():
            raise NoLetters(why)
        names: dict[str, str] = json.loads((EMOJI / "chars.json").read_text(encoding="utf-8"))
        return names

    @cached_property
    def _drawings(self) -> dict[str, dict[str, str]]:
        icons = json.loads((EMOJI / "icons.json").read_text(encoding="utf-8"))
        drawings: dict[str, dict[str, str]] = icons["icons"]
        return drawings

    def name(self, emoji: str) -> str | None:
        codes = "-".join(f"{ord(each):04x}" for each in emoji if each != SELECTOR)
        return self._names.get(codes)

    @cache  # noqa: B019 - there is one, for as long as the program runs
    def address(self, emoji: str) -> str:
        """The drawing as a data URI: in its own image, so that no ids can clash."""
        body = self._drawings[self.name(emoji) or ""]["body"]
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128">{body}</svg>'
        return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


_EMOJI = _Emoji()
emoji_address = _EMOJI.address


def pieces(text: str) -> list[Piece]:
    """The text cut into letters and emoji; put together again it is the same text."""
    found: list[Piece] = []
    position = 0
    for match in _CANDIDATE.finditer(text):
        if _EMOJI.name(match[0]) is None:
            continue
        if match.start() > position:
            found.append(Piece(text[position : match.start()], emoji=False))
        found.append(Piece(match[0], emoji=True))
        position = match.end()
    if position < len(text):
        found.append(Piece(text[position:], emoji=False))
    return found


def is_emoji(word: str) -> bool:
    """Whether this is one emoji and nothing else."""
    return pieces(word) == [Piece(word, emoji=True)]


def without_glyph(text: str) -> set[str]:
    """Characters that could not be drawn."""
    return {
        character
        for piece in pieces(text)
        if not piece.emoji
        for character in piece.text
        if not has_letter(character)
    }


def emoji_size(size: float) -> float:
    """An emoji among letters of this size is a square with such a side."""
    return size * 1.18


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Of one line of text, in the unit of `size`."""
    font = _font(weight)
    return sum(
        emoji_size(size) if piece.emoji else font.getlength(piece.text) * size / MEASURED_AT
        for piece in pieces(text)
    )
