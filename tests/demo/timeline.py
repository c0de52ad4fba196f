"""The day on the terminal, made of nothing but what the phones reported."""

from datetime import datetime
from typing import TextIO

from icalendar import Calendar

from commands.rules.moments import AMSTERDAM
from tests.demo.columns import BLUE, BOLD, DIM, GREEN, RED, WIDTH, YELLOW, Paint, padded, wrapped
from tests.demo.day import CAST
from tests.demo.report import Report

CLOCK, REAL, WHO = 5, 9, 23
TEXT = WIDTH - CLOCK - REAL - WHO - 6
HINT = ("Reageer ",)
COLLEAGUE = "politie_cvd2"


class Timeline:
    """Says each thing once, however many phones received it."""

    def __init__(self, out: TextIO, paint: Paint) -> None:
        self._out = out
        self._paint = paint
        self._began: int | None = None
        self._said: set[str] = set()  # lines of headlines, ids of messages in rooms

    def heading(self, *lines: str) -> None:
        """Lines over the whole width."""
        for line in lines:
            self._print(self._paint(line, BOLD) if line == lines[0] else line)

    def begin(self, wall: int) -> None:
        """Real milliseconds count from here."""
        self._began = wall
        head = f"{'klok':{CLOCK}}  {'echte ms':>{REAL}}  {'wie':{WHO}}  wat"
        self._print(self._paint(head, DIM))

    def chapter(self, text: str) -> None:
        """What is going on now, for somebody who never saw it."""
        self._print("")
        for line in wrapped(text, WIDTH - 3):
            self._print(self._paint(f"── {line}", BOLD, BLUE))

    def notice(self, story: int, wall: int, who: str, text: str) -> None:
        """Something that no phone could tell."""
        self._row(story, wall, who, "⚡", text, RED, BOLD)

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
                self._did(report, "👀", "ziet de oproep", DIM)
            case "opened":
                self._did(report, "📎", f"opent de agenda: {_event(report.text)}")
            case "entered":
                self._did(report, "🚪", "komt in de casusruimte", DIM)
            case "message" | "edit" if report.text:
                self._received(report)

    def _received(self, report: Report) -> None:
        text = report.text
        if text.splitlines()[-1].startswith("Stand "):
            self._headline(report)
        elif report.place == "group":
            if report.who == COLLEAGUE:
                self._row_of(report, "🔕", f"groepsruimte: {text}", DIM)
        elif report.place == "case":
            once = f"{report.event} {text}"
            if once not in self._said:
                self._said.add(once)
                sign = "🔕" if report.what == "message" else "✏️"
                self._row(report.story, report.wall, "casusruimte", sign, text)
        elif report.what == "edit":
            self._row_of(report, "✏️", text, GREEN if text.startswith("✅") else "")
        elif report.loud:
            self._row_of(report, "🔔", text, BOLD, YELLOW)
        else:
            self._row_of(report, "🔕", text)

    def _headline(self, report: Report) -> None:
        """Everybody in the case gets it again and again: only lines that were never shown."""
        fresh = [line for line in report.text.splitlines()[:-1] if line not in self._said]
        self._said.update(fresh)
        if fresh:
            self._row(report.story, report.wall, "stand van de casus", "📋", "\n".join(fresh), GREEN)

    def _did(self, report: Report, sign: str, text: str, *colours: str) -> None:
        self._row_of(report, sign, text, *colours)

    def _row_of(self, report: Report, sign: str, text: str, *colours: str) -> None:
        self._row(report.story, report.wall, CAST[report.who].name, sign, text, *colours)

    def _row(
        self, story: int, wall: int, who: str, sign: str, text: str, *colours: str
    ) -> None:
        clock = f"{datetime.fromtimestamp(story / 1000, AMSTERDAM):%H:%M}"
        real = f"{max(0, wall - (self._began or wall)):,}".replace(",", ".")
        left = f"{clock:{CLOCK}}  {self._paint(f'{real:>{REAL}}', DIM)}  {padded(who, WHO)}  "
        codes = [colour for colour in colours if colour]
        for line in text.splitlines():
            hint = line.startswith(HINT)
            for part in wrapped(line, TEXT - 3):
                shown = self._paint(part, *([DIM] if hint else codes))
                self._print(f"{left}{padded(sign, 2)} {shown}")
                left, sign = " " * (CLOCK + REAL + WHO + 6), ""

    def _print(self, line: str) -> None:
        print(line.rstrip(), file=self._out, flush=True)


def _event(calendar: str) -> str:
    """Title, begin and link of the one event in a calendar file."""
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    begins = event.decoded("dtstart").astimezone(AMSTERDAM)
    return f"{event['summary']}, {begins:%H:%M}, {event['url']}"
