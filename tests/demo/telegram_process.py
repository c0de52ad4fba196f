"""Telegram from outside: its server with the phones on it, as its own process."""

import asyncio
import json
from pathlib import Path

from tests.demo import process
from tests.demo.crew import listen
from tests.demo.heard import Heard, Stalled
from tests.demo.report import Report
from tests.kit.warm_start import Process


class TelegramProcess:
    """Links that were given to a contact point are handed over here."""

    def __init__(self, folder: Path, heard: Heard) -> None:
        self._folder = folder
        self._heard = heard
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._stopping = False
        self.url = ""
        self.token = ""

    async def launch(self, clock: Path) -> None:
        """Start it; it loads for a while."""
        with (self._folder / "telegram.log").open("wb") as errors:
            self._process = await process.start(
                "tests.demo.telegram_side", folder=self._folder, errors=errors.fileno()
            )
        self._order({"clock": str(clock)})

    async def ready(self) -> None:
        """Wait until the server listens; from then on its phones are heard. Raises `Stalled`."""
        assert self._process is not None
        assert self._process.stdout is not None
        first = await self._process.stdout.readline()
        if not first:
            raise Stalled("Telegram werd niet klaar.")
        where = json.loads(first)
        self.url, self.token = where["url"], where["token"]
        self._listening = asyncio.create_task(
            listen(self._process, self._heard, "Telegram", lambda: self._stopping)
        )

    def hand_over(self, who: str, link: str) -> None:
        """Give somebody a link."""
        self._order({"who": who, "link": link})

    async def sent(self) -> list[str]:
        """Everything that the bot ever asked of the server, one request a line."""
        self._order({"sent": True})
        report: Report = await self._heard.first("sent")
        return report.text.splitlines()

    async def stop(self) -> None:
        """End it. Does nothing if it does not run."""
        self._stopping = True
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        await process.stop(self._process)
        if self._listening is not None:
            await asyncio.gather(self._listening, return_exceptions=True)
        self._process = None

    def _order(self, order: dict[str, object]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(order)}\n".encode())
