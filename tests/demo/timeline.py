"""The day on the terminal, made of nothing but what the phones reported.

There are two lanes, one for each messenger. What came to both at the same time stands side by
side.
"""

import asyncio
from typing import TextIO

from icalendar import Calendar

from commands.rules.moments import AMSTERDAM
from tests.demo.columns import BOLD, GREEN, NARROW, RED, TIED, YELLOW, Paint
from tests.demo.day import CAST
from tests.demo.lanes import Lanes, Row, is_buttons
from tests.demo.report import Report

HOLD_S = 0.5  # so long a row waits for other phones that receive the same
TOGETHER_MS = 60_000  # on the clock of the day
POINT = "politie_ap"  # of all who see the group room, this one tells
EDITED, HEADLINE = "✏️", "📋"
ARRIVES = (EDITED, HEADLINE, "🔔", "🔕")


class Timeline:
    """Says each thing once on each messenger, however many phones received it."""

    def __init__(self, out: TextIO, paint: Paint, cells: int = NARROW) -> None:
        self._out = out
        self._paint = paint
        self._lanes = Lanes(paint, cells)
        self._began = False
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
        self._began, self._lanes.began = True, wall
        for line in self._lanes.head():
            self._print(line)

    def chapter(self, text: str) -> None:
        """What is going on now, for somebody who never saw it."""
        self._add(Row(0, 0, "", text))

    def notice(self, story: int, wall: int, who: str, text: str) -> None:
        """Something that no phone could tell."""
        self._add(Row(story, wall, "⚡", text, [who], (RED, BOLD)))

    def take(self, report: Report) -> None:
        """Print a report, if it tells something new."""
        if not self._began:
            return
        match report.what:
            case "typed":
                self._did(report, "💬", f"typt: {report.text}")
            case "tapped":
                self._did(report, "👆", f"tikt {report.text.replace(' ', TIED)}")
            case "read":
                self._did(report, "👀", "ziet de oproep")
            case "opened":
                self._did(report, "📎", f"opent de agenda: {_event(report.text)}")
            case "entered":
                self._did(report, "🚪", "komt in de casusruimte")
            case "started":
                self._did(report, "🔗", "opent de link en drukt op Start")
            case "message" | "edit" if report.text:
                self._received(report)

    def flush(self) -> None:
        """Print all that waits."""
        while self._waiting:
            self._show(self._waiting.pop(0))

    def _did(self, report: Report, sign: str, text: str) -> None:
        who = [CAST[report.who].name]
        row = Row(report.story, report.wall, sign, text, who, lane=report.messenger, acts=True)
        self._add(row)

    def _received(self, report: Report) -> None:
        lines = report.text.splitlines()
        text = [line for line in lines if not line.startswith("Stand ")]
        if report.buttons:
            text.append(report.buttons)
        name = CAST[report.who].name
        if any(line.startswith("Stand ") for line in lines):
            news = [line for line in text if not is_buttons(line)]
            fresh = self._fresh(f"headline {report.messenger}", news)
            self._receive(report, HEADLINE, fresh, "stand van de casus", GREEN)
        elif report.place == "group":
            if report.who == POINT:
                self._receive(report, "🔕", self._fresh("group", text), "groepsruimte")
        elif report.place == "case":
            self._receive(report, _sign(report), self._fresh(report.event, text), "casusruimte")
        else:
            # Several messages of one person change to the same text when a case is closed.
            fresh = self._fresh(f"{report.who} {report.messenger}", text)
            if report.what == "message":
                fresh = "\n".join(text)
            colours = (BOLD, YELLOW) if report.loud else ()
            self._receive(report, _sign(report), fresh, name, *colours)

    def _fresh(self, where: str, lines: list[str]) -> str:
        """The lines that were not said there before; if only the buttons changed, nothing."""
        fresh = [line for line in lines if (where, _gist(line)) not in self._said]
        self._said.update((where, _gist(line)) for line in lines)
        return "\n".join(fresh) if any(not is_buttons(line) for line in fresh) else ""

    def _receive(self, report: Report, sign: str, text: str, who: str, *colours: str) -> None:
        for row in self._waiting:
            if (row.sign, row.text, row.lane) == (sign, text, report.messenger):
                if who not in row.who:
                    row.who.append(who)
                return
        if text:
            row = Row(report.story, report.wall, sign, text, [who], colours, report.messenger)
            self._add(row)

    def _add(self, row: Row) -> None:
        self._waiting.append(row)
        asyncio.get_running_loop().call_later(HOLD_S, self._show_until, row)

    def _show_until(self, row: Row) -> None:
        """Rows of one lane are printed in the order in which they came."""
        while row in self._waiting:
            self._show(self._waiting.pop(0))

    def _show(self, row: Row) -> None:
        beside = self._other(row)
        if beside is not None:
            self._waiting.remove(beside)
        for line in self._lanes.lines(row, beside):
            self._print(line)

    def _other(self, row: Row) -> Row | None:
        """What arrived on the other messenger in the same way, if that is the next there."""
        if row.lane is None or row.sign not in ARRIVES:
            return None
        following = next((each for each in self._waiting if each.lane != row.lane), None)
        if following is None or following.lane is None or following.sign != row.sign:
            return None
        return following if following.story - row.story < TOGETHER_MS else None

    def _print(self, line: str) -> None:
        print(line.rstrip(), file=self._out, flush=True)


def _sign(report: Report) -> str:
    if report.what == "edit":
        return EDITED
    return "🔔" if report.loud else "🔕"


def _gist(line: str) -> str:
    """What makes a line news: of a vote that waits for others, not for whom it waits."""
    return line.partition(" Wacht nog op")[0] if line.startswith("Jij kunt") else line


def _event(calendar: str) -> str:
    """Title, begin and link of the one event in a calendar file."""
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    begins = event.decoded("dtstart").astimezone(AMSTERDAM)
    return f"{event['summary']}, {begins:%H:%M}, {event['url']}"
