"""Two lanes beside one clock: on the left what happens on Matrix, on the right on Telegram."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from commands.rules.moments import AMSTERDAM
from tests.demo.columns import BLUE, BOLD, DIM, TIED, Paint, padded, width, wrapped
from tests.demo.report import Messenger

CLOCK, REAL, SIGN = 5, 6, 3
BETWEEN = " │ "
MATRIX_SHARE = 0.57  # of the room for both: its texts say more
BUTTONS = "Reageer "
TITLES = {"matrix": "Matrix · versleuteld", "telegram": "Telegram · nooit soort of plaats"}

Piece = tuple[str, tuple[str, ...]]  # text and the codes of its colour
Line = list[Piece]


@dataclass
class Row:
    """What is about to be printed. Without a lane it goes over both; without `who` it is a
    chapter. `acts`: they do it, and `text` goes on behind their name."""

    story: int
    wall: int
    sign: str
    text: str
    who: list[str] = field(default_factory=list)
    colours: tuple[str, ...] = ()
    lane: Messenger | None = None
    acts: bool = False


class Lanes:
    """Rows as lines of text. `began`: when real milliseconds count from (wall clock)."""

    def __init__(self, paint: Paint, cells: int) -> None:
        self.began = 0
        self._paint = paint
        self._cells = cells
        self._both = cells - CLOCK - REAL - 4
        rest = self._both - len(BETWEEN)
        self._matrix = round(rest * MATRIX_SHARE)
        self._telegram = rest - self._matrix

    def head(self) -> list[str]:
        """What stands over the columns."""
        left = f"{'klok':<{CLOCK}}  {'ms':>{REAL}}  "
        titles = padded(TITLES["matrix"], self._matrix), TITLES["telegram"]
        return [self._paint(left + BETWEEN.join(titles), DIM)]

    def lines(self, row: Row, beside: Row | None = None) -> list[str]:
        """A row, perhaps with another one of the other lane beside it."""
        if not row.who:
            text = wrapped(row.text, self._cells - SIGN)
            return ["", *(self._paint(f"── {line}", BOLD, BLUE) for line in text)]
        if row.lane is None:
            entries = [[self._shown(line, self._both)] for line in _entry(row, self._both)]
        else:
            found = {each.lane: each for each in (row, beside) if each is not None}
            left = _entry(found["matrix"], self._matrix) if "matrix" in found else []
            right = _entry(found["telegram"], self._telegram) if "telegram" in found else []
            nothing: Line = []
            entries = [
                [self._shown(one, self._matrix), self._shown(other, self._telegram)]
                for one, other in zip_longest(left, right, fillvalue=nothing)
            ]
        clock = f"{datetime.fromtimestamp(row.story / 1000, AMSTERDAM):%H:%M}"
        real = f"{max(0, row.wall - self.began):,}".replace(",", ".")
        times = [f"{clock}  {self._paint(f'{real:>{REAL}}', DIM)}  "]
        times += [" " * (CLOCK + REAL + 4)] * (len(entries) - 1)
        between = self._paint(BETWEEN, DIM)
        return [time + between.join(parts) for time, parts in zip(times, entries, strict=True)]

    def _shown(self, pieces: Line, cells: int) -> str:
        rest = cells - sum(width(text) for text, _ in pieces)
        return "".join(self._paint(text, *codes) for text, codes in pieces) + " " * rest


def is_buttons(line: str) -> bool:
    """Whether this line tells which buttons there are."""
    return line.startswith((BUTTONS, "["))


def _entry(row: Row, cells: int) -> list[Line]:
    """Who and what, in lines of at most so many cells."""
    names = ", ".join(who.replace(" ", TIED) for who in row.who) + ("" if row.acts else ":")
    lines = row.text.splitlines()
    sign, indent = (padded(row.sign, SIGN), ()), (" " * SIGN, ())
    if row.acts or (len(lines) == 1 and width(f"{names} {lines[0]}") <= cells - SIGN):
        first, *others = _broken(f"{names} {lines[0]}", cells)
        rest = (first.removeprefix(names), row.colours)
        return [[sign, (names, (BLUE,)), rest], *([indent, (each, row.colours)] for each in others)]
    heads: list[Line] = [[indent, (each, (BLUE,))] for each in _broken(names, cells)]
    heads[0][0] = sign
    return heads + [
        [indent, (part, (DIM,) if is_buttons(line) else row.colours)]
        for line in lines
        for part in _broken(_short(line), cells)
    ]


def _broken(text: str, cells: int) -> list[str]:
    """Beside a sign. Of a word that does not fit, such as a link, the beginning is enough."""
    return [_cut(line, cells - SIGN) for line in wrapped(text, cells - SIGN)]


def _cut(line: str, cells: int) -> str:
    return line if width(line) <= cells else line[: cells - 1] + "…"


def _short(line: str) -> str:
    """Buttons without the words around them."""
    if not line.startswith(BUTTONS):
        return line
    choices = line.removeprefix(BUTTONS).partition(". Of antwoord")[0].split(", ")
    return ", ".join(choice.replace(" ", TIED) for choice in choices)
