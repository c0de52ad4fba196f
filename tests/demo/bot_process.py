"""The bot as its own process, and the small supervisor that starts it again when it dies."""

import asyncio
import contextlib
import json
import signal
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from tests.demo import process
from tests.kit.warm_start import Process

READY_WITHIN_S = 60.0  # guards against hanging only
TROUBLES = 8


class BotFailed(Exception):
    """The bot did not start; the message says so in Dutch."""


class BotProcess:
    """`python main.py run`, kept running. `died` and `back` are called at a kill point."""

    def __init__(self, config: Path, clock: Path, folder: Path) -> None:
        self.telegram_api: str | None = None  # Telegram's server; it counts from the next start
        self._config = config
        self._clock = clock
        self._folder = folder
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._troubles: deque[str] = deque(maxlen=TROUBLES)
        self.on_death: Callable[[], None] = lambda: None
        self.on_return: Callable[[float], None] = lambda _: None
        self.on_failure: Callable[[str], None] = lambda _: None
        self.deaths = 0

    async def start(self, kill_at: str | None = None) -> None:
        """Start it and return once it is ready; dying on the way at `kill_at` is no fault.
        Raises `BotFailed`."""
        self._ready.clear()
        self._keeping = asyncio.create_task(self._keep_running(kill_at))
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait(
            {ready, self._keeping}, timeout=READY_WITHIN_S, return_when=asyncio.FIRST_COMPLETED
        )
        if not ready.done():
            ready.cancel()
            code = self._process.returncode if self._process else None
            how = "en loopt nog" if code is None else f"en stopte (code {code})"
            raise BotFailed(f"De bot werd niet klaar {how}.")

    async def restart(self, kill_at: str) -> None:
        """Stop it in good order and start it again with this kill point."""
        await self.stop()
        await self.start(kill_at)

    async def stop(self) -> None:
        """SIGTERM, as an operator would. Does nothing if it does not run."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await process.stop(self._process)
        if self._reading is not None:
            await self._reading
        self._process = self._keeping = self._reading = None

    def troubles(self) -> list[str]:
        """The last warnings and errors that it logged."""
        return list(self._troubles)

    async def _keep_running(self, kill_at: str | None) -> None:
        """Dying at the kill point is what we want to see; any other end is a fault."""
        died: float | None = None
        while True:
            self._process = await self._launch(kill_at)
            self._reading = asyncio.create_task(self._read(self._process, died))
            code = await self._process.wait()
            await self._reading
            if code != -signal.SIGKILL or kill_at is None:
                self.on_failure(f"De bot stopte uit zichzelf (code {code}).")
                return
            kill_at, died = None, time.monotonic()
            self.deaths += 1
            self._ready.clear()
            self.on_death()

    async def _launch(self, kill_at: str | None) -> Process:
        settings = {"KORTELIJN_STORY_CLOCK": str(self._clock), "KORTELIJN_HEALTH_PORT": "0"}
        if self.telegram_api is not None:
            settings["KORTELIJN_TELEGRAM_API"] = self.telegram_api
        if kill_at is not None:
            settings["KORTELIJN_KILL_AT"] = kill_at
        return await process.start(
            *("main", "--config", str(self._config), "run"),
            folder=self._folder,
            errors=asyncio.subprocess.PIPE,
            settings=settings,
        )

    async def _read(self, running: Process, died: float | None) -> None:
        """Its log: JSON lines, which also go into a file. `died`: when the one before it did."""
        assert running.stderr is not None
        with (self._folder / "bot.log").open("ab") as log:
            async for line in running.stderr:
                log.write(line)
                entry = _entry(line)
                if entry is None:
                    self._troubles.append(line.decode(errors="replace").rstrip())
                    continue
                if entry.get("event") == "ready":
                    self._ready.set()
                    if died is not None:
                        self.on_return(time.monotonic() - died)
                if entry.get("level") in ("warning", "error", "critical"):
                    self._troubles.append(line.decode().rstrip())


def _entry(line: bytes) -> dict[str, object] | None:
    """A line of the log; None for anything else, such as a traceback."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
