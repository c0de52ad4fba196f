"""Text in columns on a terminal: what is how wide, where a line breaks, what gets a colour."""

import shutil
import unicodedata
from dataclasses import dataclass

NARROW, BROAD = 100, 120  # what the timeline can be shown in
KEYCAP = "\u20e3"
EMOJI_SELECTOR = "\ufe0f"
TIED = "\u00a0"  # a space where no line breaks
BOLD, DIM, RED, GREEN, YELLOW, BLUE = "1", "2", "31", "32", "33", "36"


@dataclass(frozen=True)
class Paint:
    """Puts colours on text, or leaves it alone where nobody sees them."""

    colours: bool

    def __call__(self, text: str, *codes: str) -> str:
        if not (self.colours and codes and text):
            return text
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"


def terminal() -> int:
    """Cells in a line: as many as there are, within what the timeline can be shown in."""
    return min(max(shutil.get_terminal_size((NARROW, 0)).columns, NARROW), BROAD)


def width(text: str) -> int:
    """In cells. An emoji takes two, also one that is made of several characters."""
    cells = 0
    for here, following in zip(text, f"{text[1:]} ", strict=False):
        if here in (EMOJI_SELECTOR, KEYCAP) or unicodedata.combining(here):
            continue
        wide = unicodedata.east_asian_width(here) in "WF" or following == EMOJI_SELECTOR
        cells += 2 if wide else 1
    return cells


def padded(text: str, cells: int) -> str:
    """Filled up with spaces on the right."""
    return text + " " * max(0, cells - width(text))


def wrapped(text: str, cells: int) -> list[str]:
    """Broken between words; a word that is too long stands alone. At least one line."""
    lines = [""]
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if width(candidate) <= cells or not lines[-1]:
            lines[-1] = candidate
        else:
            lines.append(word)
    return lines
