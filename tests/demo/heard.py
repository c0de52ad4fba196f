"""Everything that the staff reported, in order, and waiting for something in it."""

import asyncio
from collections.abc import Callable

from tests.demo.day import CAST, Need
from tests.demo.report import Report, What

HANG_S = 60.0  # real seconds; guards against hanging, says nothing about speed
_DOES = {
    "message": "kreeg geen bericht met",
    "edit": "kreeg geen bericht met",
    "read": "las geen bericht met",
    "opened": "opende geen bestand met",
    "ready": "kwam niet binnen",
}


class Stalled(Exception):
    """The day cannot go on; the message says in one sentence, in Dutch, what did not happen."""


class Heard:
    """The reports. `listeners` hear each one as it comes."""

    def __init__(self, hang_s: float = HANG_S) -> None:
        self._hang_s = hang_s
        self.reports: list[Report] = []
        self.listeners: list[Callable[[Report], None]] = []
        self._news = asyncio.Event()
        self._fault: Stalled | None = None

    def add(self, report: Report) -> None:
        """One more. A fault of a phone ends all waiting."""
        self.reports.append(report)
        for listener in self.listeners:
            listener(report)
        if report.what == "fault":
            self.give_up(f"De telefoon van {CAST[report.who].name} viel uit: {report.text}")
        self._news.set()

    def give_up(self, why: str) -> None:
        """End all waiting with this sentence."""
        self._fault = self._fault or Stalled(why)
        self._news.set()

    async def until(self, needs: tuple[Need, ...]) -> None:
        """Wait until all of these were reported. Raises `Stalled`."""
        deadline = asyncio.get_running_loop().time() + self._hang_s
        while missing := [need for need in needs if not self._met(need)]:
            if self._fault is not None:
                raise self._fault
            rest = deadline - asyncio.get_running_loop().time()
            if rest <= 0:
                raise Stalled(_sentence(missing[0], self._hang_s))
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), rest)
            except TimeoutError:
                continue
        if self._fault is not None:
            raise self._fault

    async def first(self, what: What) -> Report:
        """Wait for the first report of this kind. Raises `Stalled`."""
        async with asyncio.timeout(self._hang_s):
            while not (found := [report for report in self.reports if report.what == what]):
                if self._fault is not None:
                    raise self._fault
                self._news.clear()
                await self._news.wait()
        return found[0]

    def unreadable(self) -> list[str]:
        """Who got a message that could never be decrypted."""
        locked: dict[tuple[str, str], bool] = {}
        for report in self.reports:
            if report.event:
                locked[report.who, report.event] = report.unreadable
        return [CAST[who].name for (who, _), still in locked.items() if still]

    def _met(self, need: Need) -> bool:
        return any(
            (report.who, report.messenger) == (need.who, need.on)
            and report.what in need.what
            and need.text in report.text
            for report in self.reports
        )


def _sentence(need: Need, hang_s: float) -> str:
    what = f" “{need.text}”" if need.text else ""
    name, does = CAST[need.who].name, _DOES.get(need.what[0], "deed niet:")
    where = " op Telegram" if need.on == "telegram" else ""
    return f"{name} {does}{what}{where}, ook niet na {hang_s:.0f} seconden wachten."
