"""One message as it stood: lines, time, and the chips under it."""

from dataclasses import dataclass
from datetime import datetime

from commands.rules.moments import AMSTERDAM
from tests.picture import ink
from tests.picture.film import Chip, Frame
from tests.picture.letters import REGULAR, SEMIBOLD, is_emoji, width
from tests.picture.wrapping import wrapped

SIZE, LEADING = 16.5, 22.5
SMALL = 12.5
PAD_X, PAD_Y = 13.0, 10.0
CHIP_H, CHIP_SIZE, CHIP_GAP = 26.0, 14.5, 6.0
BELL, FILE = "🔔", "📎"
ASIDE = ("Reageer ", "Stand ")  # lines that explain or date a message


@dataclass(frozen=True)
class Line:
    text: str
    colour: str


@dataclass(frozen=True)
class Bubble:
    """A frame laid out in a column that is `limit` wide."""

    frame: Frame
    limit: float
    name: str = ""  # of the sender, where it is somebody else

    @property
    def lines(self) -> list[Line]:
        given = self.frame.text.split("\n")
        if self.frame.kind == "m.file":
            given = [f"{FILE} {self.frame.text}"]
        found = [Line(self.name, ink.BRAND)] if self.name else []
        for text in given:
            colour = ink.MUTED if text.startswith(ASIDE) else ink.TEXT
            room = self.limit - 2 * PAD_X
            found += [Line(part, colour) for part in wrapped(text, room, _width, is_emoji)]
        return found

    @property
    def note(self) -> str:
        """When it came or changed, and whether it rang."""
        clock = f"{datetime.fromtimestamp(self.frame.since / 1000, AMSTERDAM):%H:%M}"
        if self.frame.edited:
            return f"bewerkt {clock}"
        return f"{BELL} {clock}" if self.frame.loud else clock

    @property
    def _note_width(self) -> float:
        return width(self.note, SMALL, self._note_weight)

    @property
    def _note_weight(self) -> int:
        return SEMIBOLD if self.frame.loud else REGULAR

    @property
    def width(self) -> float:
        widest = max(_width(each.text) for each in self.lines)
        last = _width(self.lines[-1].text) + 12 + self._note_width
        content = max(widest, last if self._note_beside else self._note_width)
        return content + 2 * PAD_X

    @property
    def _note_beside(self) -> bool:
        """The note fits on the last line."""
        last = _width(self.lines[-1].text) + 12 + self._note_width
        return last <= self.limit - 2 * PAD_X

    @property
    def _box_height(self) -> float:
        extra = 0 if self._note_beside else SMALL + 6
        return len(self.lines) * LEADING + extra + 2 * PAD_Y

    @property
    def height(self) -> float:
        return self._box_height + (CHIP_H + 5 if self.frame.chips else 0)

    def draw(self, x: float, y: float) -> str:
        """With its left upper corner there."""
        own = self.frame.by == "me"
        fill, edge = (ink.OWN, ink.OWN_EDGE) if own else (ink.BOT, ink.EDGE)
        parts = [ink.box(x, y, self.width, self._box_height, r=14, fill=fill, edge=edge)]
        for number, each in enumerate(self.lines):
            base = y + PAD_Y + number * LEADING + SIZE
            weight = SEMIBOLD if self.name and number == 0 else REGULAR
            parts.append(
                ink.line(x + PAD_X, base, each.text, size=SIZE, colour=each.colour, weight=weight)
            )
        parts.append(
            ink.line(
                x + self.width - PAD_X - self._note_width,
                y + self._box_height - PAD_Y - 2,
                self.note,
                size=SMALL,
                colour=ink.LOUD if self.frame.loud else ink.MUTED,
                weight=self._note_weight,
            )
        )
        parts.append(_chips(self.frame.chips, x + 2, y + self._box_height + 5))
        return "".join(parts)


def _width(text: str) -> float:
    return width(text, SIZE)


def _chips(chips: tuple[Chip, ...], x: float, y: float) -> str:
    parts = []
    for chip in chips:
        text = f"{chip.emoji} {chip.count}"
        weight = SEMIBOLD if chip.mine else REGULAR
        w = width(text, CHIP_SIZE, weight) + 16
        fill, edge = (ink.MINE, ink.MINE_EDGE) if chip.mine else (ink.CHIP, ink.CHIP_EDGE)
        thick = 1.8 if chip.mine else 1
        parts.append(ink.box(x, y, w, CHIP_H, r=CHIP_H / 2, fill=fill, edge=edge, line=thick))
        colour = ink.TEXT if chip.mine else ink.MUTED
        parts.append(ink.line(x + 8, y + 18, text, size=CHIP_SIZE, colour=colour, weight=weight))
        x += w + CHIP_GAP
    return "".join(parts)
