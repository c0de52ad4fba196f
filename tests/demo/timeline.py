"""The day on the terminal, made of nothing but what the phones reported."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from icalendar import Calendar

from commands.rules.moments import AMSTERDAM
from tests.demo.columns import (
    BLUE,
    BOLD,
    DIM,
    GREEN,
    RED,
    TIED,
    WIDTH,
    YELLOW,
    Paint,
    padded,
    wrapped,
)
from tests.demo.day import CAST
from tests.demo.report import Report

CLOCK, REAL, WHO, GAP = 5, 8, 25, 2
TEXT = WIDTH - CLOCK - REAL - WHO - 3 * GAP
HOLD_S = 0.3  # so long a row waits for other phones that receive the same
COLLEAGUE = "politie_cvd2"  # of all who see the group room, this one tells
BUTTONS = "Reageer "


@dataclass
class Row:
    """What is about to be printed. Without `who` it is a chapter."""

    story: int
    wall: int
    sign: str
    text: str
    who: list[str] = field(default_factory=list)
    colours: tuple[str, ...] = ()


class Timeline:
    """Says each thing once, however many phones received it."""

    def __init__(self, out: TextIO, paint: Paint) -> None:
        self._out = out
        self._paint = paint
        self._began: int | None = None
        self._waiting: list[Row] = []
        self._said: set[tuple[str, str]] = set()

    def heading(self, *lines: str) -> None:
        """Lines over the whole width, the first that is not empty in bold."""
        self.flush()
        title = next((line for line in lines if line), None)
        for line in lines:
            self._print(self._paint(line, BOLD) if line is title else line)

    def begin(self, wall: int) -> None:
        """Real milliseconds count from here."""
        self._began = wall
        head = (padded("klok", CLOCK), f"{'echte ms':>{REAL}}", padded("wie", WHO), "wat")
        self._print(self._paint((" " * GAP).join(head), DIM))

    def chapter(self, text: str) -> None:
        """What is going on now, for somebody who never saw it."""
        self._add(Row(0, 0, "", text))

    def notice(self, story: int, wall: int, who: str, text: str) -> None:
        """Something that no phone could tell."""
        self._add(Row(story, wall, "⚡", text, [who], (RED, BOLD)))

    def take(self, report: Report) -> None:
        """Print a report, if it tells something new."""
        if self._began is None:
            return
        match report.what:
            case "typed":
                self._did(report, "💬", f"typt: {report.text}")
            case "tapped":
                self._did(report, "👆", f"tikt {report.text}")
            case "read":
                self._did(report, "👀", "ziet de oproep")
            case "opened":
                self._did(report, "📎", f"opent de agenda: {_event(report.text)}")
            case "entered":
                self._did(report, "🚪", "komt in de casusruimte")
            case "message" | "edit" if report.text:
                self._received(report)

    def flush(self) -> None:
        """Print all that waits."""
        for row in self._waiting:
            self._show(row)
        self._waiting.clear()

    def _did(self, report: Report, sign: str, text: str) -> None:
        self._add(Row(report.story, report.wall, sign, text, [CAST[report.who].name]))

    def _received(self, report: Report) -> None:
        lines = report.text.splitlines()
        text = "\n".join(line for line in lines if not line.startswith("Stand "))
        headline = len(text) < len(report.text) and any(line.startswith("Stand ") for line in lines)
        name = CAST[report.who].name
        if headline:
            fresh = self._fresh("headline", [each for each in text.splitlines() if not _hint(each)])
            self._receive(report, "📋", fresh, "stand van de casus", GREEN)
        elif report.place == "group":
            if report.who == COLLEAGUE:
                fresh = self._fresh("group", [f"in de groepsruimte: {text}"])
                self._receive(report, "🔕", fresh, name)
        elif report.place == "case":
            self._receive(
                report, _sign(report), self._fresh(report.event, text.splitlines()), "casusruimte"
            )
        else:
            # Several messages of one person change to the same text when a case is closed.
            fresh = self._fresh(report.who, text.splitlines())
            if report.what == "message":
                fresh = text
            colours = (BOLD, YELLOW) if report.loud else ()
            self._receive(report, _sign(report), fresh, name, *colours)

    def _fresh(self, where: str, lines: list[str]) -> str:
        """The lines that were not said there before; if only the buttons changed, nothing."""
        fresh = [line for line in lines if (where, _gist(line)) not in self._said]
        self._said.update((where, _gist(line)) for line in lines)
        return "\n".join(fresh) if any(not _hint(line) for line in fresh) else ""

    def _receive(self, report: Report, sign: str, text: str, who: str, *colours: str) -> None:
        for row in self._waiting:
            if (row.sign, row.text) == (sign, text):
                if who not in row.who:
                    row.who.append(who)
                return
        if text:
            self._add(Row(report.story, report.wall, sign, text, [who], colours))

    def _add(self, row: Row) -> None:
        self._waiting.append(row)
        asyncio.get_running_loop().call_later(HOLD_S, self._show_until, row)

    def _show_until(self, row: Row) -> None:
        """Rows are printed in the order in which they came."""
        if row in self._waiting:
            upto = self._waiting.index(row) + 1
            for each in self._waiting[:upto]:
                self._show(each)
            del self._waiting[:upto]

    def _show(self, row: Row) -> None:
        if row.who:
            self._show_row(row)
            return
        self._print("")
        for line in wrapped(row.text, WIDTH - 3):
            self._print(self._paint(f"── {line}", BOLD, BLUE))

    def _show_row(self, row: Row) -> None:
        clock = f"{datetime.fromtimestamp(row.story / 1000, AMSTERDAM):%H:%M}"
        real = f"{max(0, row.wall - (self._began or row.wall)):,}".replace(",", ".")
        left = [padded(clock, CLOCK), self._paint(f"{real:>{REAL}}", DIM)]
        right = [
            (self._paint(part, *((DIM,) if _hint(line) else row.colours)))
            for line in row.text.splitlines()
            for part in wrapped(_short(line), TEXT - 3)
        ]
        for number in range(max(len(row.who), len(right))):
            who = row.who[number] if number < len(row.who) else ""
            text = right[number] if number < len(right) else ""
            sign = row.sign if number == 0 else ""
            line = [*left, padded(who, WHO), f"{padded(sign, 2)} {text}"]
            self._print((" " * GAP).join(line))
            left = [" " * CLOCK, " " * REAL]

    def _print(self, line: str) -> None:
        print(line.rstrip(), file=self._out, flush=True)


def _sign(report: Report) -> str:
    if report.what == "edit":
        return "✏️"
    return "🔔" if report.loud else "🔕"


def _hint(line: str) -> bool:
    return line.startswith(BUTTONS)


def _short(line: str) -> str:
    """Buttons without the words around them."""
    if not _hint(line):
        return line
    choices = line.removeprefix(BUTTONS).partition(". Of antwoord")[0].split(", ")
    return ", ".join(choice.replace(" ", TIED) for choice in choices)


def _gist(line: str) -> str:
    """What makes a line news: of a vote that waits for others, not for whom it waits."""
    return line.partition(" Wacht nog op")[0] if line.startswith("Jij kunt") else line


def _event(calendar: str) -> str:
    """Title, begin and link of the one event in a calendar file."""
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    begins = event.decoded("dtstart").astimezone(AMSTERDAM)
    return f"{event['summary']}, {begins:%H:%M}, {event['url']}"
