"""A sheet as an SVG: a panel for each week, so that a bar is wide enough to read on a phone held
upright. No text is smaller than 28 of the 1080 pixels of the width."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.picture import ink
from bot.picture.letters import shortened, width
from bot.picture.sheet import Day, Row, Sheet, Span

WIDTH = 1080
MARGIN = 29
COLUMN = (WIDTH - 2 * MARGIN) / 7
TITLE, HEAD, BODY = 46, 30, 28
HEADER_H, NAME_H, PRIMARY_H, BACKUP_H, BETWEEN = 56, 38, 48, 38, 12
LEGEND_H = 44
PAD = 10
NOW_H = 36
NARROW = 16  # only colour fits there


@dataclass(frozen=True)
class Words:
    """The words on it, in the reader's language."""

    title: str
    dates: str
    days: Sequence[str]  # "vr 10"
    seats: Sequence[str]
    labels: Mapping[str, str]  # by person
    gaps: Sequence[tuple[str, str]]  # when, and in which seat
    gaps_title: str
    gap: str  # "geen dienst"
    gap_short: str  # "gat"
    no_backup: str
    now: str
    off: str
    backup: str


@dataclass(frozen=True)
class Drawing:
    """An SVG and its size in pixels."""

    svg: str
    width: int
    height: int


class Artist:
    """Draws one sheet from the top to the bottom."""

    def __init__(self, sheet: Sheet, words: Words) -> None:
        self._sheet = sheet
        self._words = words
        self._people = sorted(sheet.people, key=lambda each: (words.labels[each], each))
        self._numbers = {person: n for n, person in enumerate(self._people, start=1)}
        self._parts: list[str] = []
        self._above: list[str] = []  # words on bars, which the line of now must not cross
        self._y = 0.0
        self._by_number: dict[str, None] = {}  # whose label did not fit somewhere

    def draw(self) -> Drawing:
        """The whole picture."""
        self._title()
        days = self._sheet.days
        for first in range(0, len(days), 7):
            self._panel(days[first : first + 7], self._words.days[first : first + 7])
        self._legend()
        self._gaps()
        height = int(self._y + MARGIN)
        return Drawing(ink.page(WIDTH, height, "".join(self._parts)), WIDTH, height)

    def _title(self) -> None:
        words = self._words
        title = shortened(words.title, TITLE, WIDTH - 2 * MARGIN)
        self._parts.append(ink.text(MARGIN, 66, title, size=TITLE, bold=True))
        self._parts.append(ink.text(MARGIN, 110, words.dates, size=HEAD, colour=ink.MUTED))
        colour = ink.GAP if self._sheet.gaps else ink.MUTED
        wide = width(words.gaps_title, HEAD)
        x = WIDTH - MARGIN - wide
        if self._sheet.gaps:
            self._parts.append(ink.box(x - 28, 78, wide + 28, 46, fill=ink.GAP, r=10))
            x, colour = x - 14, ink.ON_GAP
        self._parts.append(ink.text(x, 111, words.gaps_title, size=HEAD, colour=colour))
        self._y = 140

    def _panel(self, days: Sequence[Day], names: Sequence[str]) -> None:
        top = self._y
        heights = [NAME_H + PRIMARY_H + (BACKUP_H + 4 if row.backup else 0) + BETWEEN
                   for row in self._sheet.rows]  # fmt: skip
        height = HEADER_H + sum(heights)
        for number, day in enumerate(days):
            x = MARGIN + number * COLUMN
            if day.off:
                self._parts.append(ink.box(x, top, COLUMN, height, fill=ink.OFF))
            self._parts.append(ink.rule(x, top, x, top + height, colour=ink.LINE))
            here = day.start <= self._sheet.now < day.end
            self._parts.append(
                ink.text(
                    x + COLUMN / 2, top + 40, names[number], size=HEAD, bold=here, middle=True,
                    colour=ink.NOW if here else ink.TEXT,
                )
            )  # fmt: skip
        end = MARGIN + len(days) * COLUMN
        self._parts.append(ink.rule(end, top, end, top + height, colour=ink.LINE))
        self._parts.append(ink.rule(MARGIN, top + HEADER_H, end, top + HEADER_H, colour=ink.LINE))
        self._y = top + HEADER_H
        for row, name, tall in zip(self._sheet.rows, self._words.seats, heights, strict=True):
            self._row(row, name, days)
            self._y += tall
        self._now(days, top, height)
        self._y = top + height + 24
        if days[0].start <= self._sheet.now < days[-1].end:
            self._y += NOW_H - 10

    def _row(self, row: Row, name: str, days: Sequence[Day]) -> None:
        y = self._y
        wide = len(days) * COLUMN
        room = wide - PAD
        self._parts.append(ink.box(MARGIN, y + 1, wide, NAME_H - 3, fill=ink.PAPER))
        self._parts.append(
            ink.text(MARGIN + 6, y + 28, shortened(name, BODY, room), size=BODY, colour=ink.MUTED)
        )
        for span in row.primary:
            self._bar(span, days, y + NAME_H, PRIMARY_H, backup=False)
        for span in row.backup:
            self._bar(span, days, y + NAME_H + PRIMARY_H + 4, BACKUP_H, backup=True)
        lanes = PRIMARY_H + (4 + BACKUP_H if row.backup else 0)
        self._now_line(days, y + NAME_H - 4, y + NAME_H + lanes + BETWEEN)
        self._parts += self._above
        self._above.clear()

    def _bar(self, span: Span, days: Sequence[Day], y: float, h: float, *, backup: bool) -> None:
        start, end = max(span.start, days[0].start), min(span.end, days[-1].end)
        if start >= end:
            return
        x = _place(start, days) + 1.5
        wide = _place(end, days) - 1.5 - x
        if span.person is None:
            self._hole(x, y, wide, h, backup=backup)
            return
        number = self._numbers[span.person]
        fill = ink.PEOPLE[(number - 1) % len(ink.PEOPLE)]
        self._parts.append(ink.box(x, y, wide, h, fill=fill, r=7))
        label = self._words.labels[span.person]
        if width(label, BODY) <= wide - 2 * PAD:
            self._inside(self._after_now(x + PAD, wide - PAD, days, label), y, h, label)
            return
        self._by_number[span.person] = None
        if width(str(number), BODY) <= wide - 2:
            at = self._beside_now(x, wide, days, width(str(number), BODY))
            self._inside(at, y, h, str(number), middle=True)

    def _after_now(self, x: float, wide: float, days: Sequence[Day], label: str) -> float:
        """Where a label begins: behind the line of now if that would cross it and there is room."""
        of = width(label, BODY)
        if not days[0].start <= self._sheet.now < days[-1].end:
            return x
        now = _place(self._sheet.now, days)
        room = now + PAD + of <= x + wide - PAD
        return now + PAD if x - PAD / 2 < now < x + of + PAD / 2 and room else x

    def _beside_now(self, x: float, wide: float, days: Sequence[Day], of: float) -> float:
        """The middle of the bar, or beside the line of now if that runs there."""
        middle, room = x + wide / 2, of / 2 + 8
        if not days[0].start <= self._sheet.now < days[-1].end:
            return middle
        now = _place(self._sheet.now, days)
        if abs(now - middle) >= room:
            return middle
        right = now + room
        return right if right + of / 2 < x + wide else max(now - room, x + of / 2)

    def _hole(self, x: float, y: float, wide: float, h: float, *, backup: bool) -> None:
        if backup and wide > NARROW:
            self._parts.append(
                ink.box(x + 1, y + 1, wide - 2, h - 2, fill=ink.PAPER, r=7, edge=ink.GAP)
            )
        else:
            self._parts.append(ink.box(x, y, wide, h, fill=ink.GAP, r=7))
        long = self._words.no_backup if backup else self._words.gap
        for words in (long, self._words.gap_short, "!"):
            if wide > NARROW / 2 and width(words, BODY) <= wide - 2:
                colour = ink.GAP if backup else ink.ON_GAP
                self._inside(x + wide / 2, y, h, words, middle=True, colour=colour)
                return

    def _inside(
        self, x: float, y: float, h: float, words: str, *, middle: bool = False,
        colour: str = ink.TEXT,
    ) -> None:  # fmt: skip
        base = y + h / 2 + 0.35 * BODY
        self._above.append(ink.text(x, base, words, size=BODY, middle=middle, colour=colour))

    def _now_line(self, days: Sequence[Day], top: float, bottom: float) -> None:
        """Under the words that stand there, and thin: they stay readable."""
        if days[0].start <= self._sheet.now < days[-1].end:
            x = _place(self._sheet.now, days)
            self._parts.append(ink.rule(x, top, x, bottom, colour=ink.NOW, line=4))

    def _now(self, days: Sequence[Day], top: float, height: float) -> None:
        now = self._sheet.now
        if not days[0].start <= now < days[-1].end:
            return
        x = _place(now, days)
        wide = width(self._words.now, BODY) + 2 * PAD
        left = min(max(x - wide / 2, MARGIN), MARGIN + len(days) * COLUMN - wide)
        self._parts.append(ink.box(left, top + height - 2, wide, 38, fill=ink.NOW, r=8))
        self._parts.append(
            ink.text(left + PAD, top + height + 26, self._words.now, size=BODY, colour=ink.PAPER)
        )

    def _legend(self) -> None:
        """Who the numbers are; in two columns where the labels are short."""
        shown = [person for person in self._people if person in self._by_number]
        words = [f"{self._numbers[each]}  {self._words.labels[each]}" for each in shown]
        columns = 2 if all(width(each, BODY) < WIDTH / 2 - 110 for each in words) else 1
        room = (WIDTH - 2 * MARGIN) / columns
        self._y += 14
        for at, (person, told) in enumerate(zip(shown, words, strict=True)):
            line, column = divmod(at, columns)
            x, y = MARGIN + column * room, self._y + line * LEGEND_H
            fill = ink.PEOPLE[(self._numbers[person] - 1) % len(ink.PEOPLE)]
            self._parts.append(ink.box(x, y, 38, 32, fill=fill, r=7))
            self._parts.append(
                ink.text(x + 52, y + 26, shortened(told, BODY, room - 60), size=BODY)
            )
        self._y += -(-len(shown) // columns) * LEGEND_H
        x = MARGIN
        if any(row.backup for row in self._sheet.rows):
            self._parts.append(ink.box(x, self._y + 4, 38, 24, fill=ink.LINE, r=7))
            self._parts.append(ink.text(x + 52, self._y + 26, self._words.backup, size=BODY))
            x += WIDTH / 2 - MARGIN
        self._parts.append(ink.box(x, self._y, 38, 32, fill=ink.OFF, edge=ink.LINE))
        self._parts.append(ink.text(x + 52, self._y + 26, self._words.off, size=BODY))
        self._y += LEGEND_H

    def _gaps(self) -> None:
        if not self._words.gaps:
            return
        self._y += 16
        for when, seat in self._words.gaps:
            self._parts.append(ink.box(MARGIN, self._y, 10, 34, fill=ink.GAP))
            room = WIDTH - 2 * MARGIN - 24 - width(f"{when}  ", BODY)
            line = f"{when}  {shortened(seat, BODY, room)}"
            self._parts.append(ink.text(MARGIN + 24, self._y + 26, line, size=BODY))
            self._y += LEGEND_H


def _place(at: int, days: Sequence[Day]) -> float:
    """Where on the width an instant is; each day is as wide as any other."""
    for number, day in enumerate(days):
        if at < day.end:
            return MARGIN + (number + (at - day.start) / (day.end - day.start)) * COLUMN
    return MARGIN + len(days) * COLUMN
