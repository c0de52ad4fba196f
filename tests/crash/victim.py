"""The bot as a process that is killed at any moment, and started again as often as that happens."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from config.settings import Settings
from tests.demo import process
from tests.kit.warm_start import Process

READY_WITHIN_S = 60.0  # guards against hanging only
TAIL = 4_000  # characters of its log in a report


class Unruly(AssertionError):
    """It ended by itself, or did not become ready. Its log is in the message."""


async def _nothing() -> None:
    return None


class Victim:
    """`python main.py run`. Whatever kills it with SIGKILL, it comes back."""

    def __init__(self, settings: Settings, folder: Path, program: str = "main") -> None:
        """`folder` is where it runs and logs; `program` is the module that is run."""
        assert settings.story_clock is not None
        self._program = program
        self._config = settings.config_dir
        self._folder = folder
        self._environment = {
            "KORTELIJN_STORY_CLOCK": str(settings.story_clock),
            "KORTELIJN_TELEGRAM_API": settings.telegram_api,
            "KORTELIJN_HEALTH_PORT": "0",
            "KORTELIJN_DATA_DIR": str(settings.data_dir),
            "KORTELIJN_SECRETS_DIR": str(settings.secrets_dir),
            "KORTELIJN_DATABASE_URL": settings.database_url,
        }
        self._process: Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.deaths = 0
        self.stills = 0  # how often it stood still
        self.on_death: Callable[[], Awaitable[None]] = _nothing  # before it comes back

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """Of the life that it lives now."""
        return self._process.pid if self._process is not None and self.alive else None

    async def start(self, *kill_at: str) -> None:
        """Start it and return once it is ready. `kill_at`: kill points, as the setting has them,
        one for each of its next lives."""
        self._ready.clear()
        self._keeping = asyncio.create_task(self._keep(list(kill_at)))
        await self.ready()

    async def ready(self) -> None:
        """Wait until it works. Raises `Unruly`."""
        assert self._keeping is not None
        waiting = asyncio.create_task(self._ready.wait())
        both: set[asyncio.Task[bool] | asyncio.Task[None]] = {waiting, self._keeping}
        await asyncio.wait(both, timeout=READY_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            raise Unruly(f"it did not become ready:\n{self.log()[-TAIL:]}")

    def kill(self) -> None:
        """SIGKILL, now."""
        self._ready.clear()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def stands_still(self, seconds: float) -> None:
        """SIGSTOP, and after so many seconds SIGCONT: it goes on as if nothing had been."""
        running = self._process
        if running is None or running.returncode is not None:
            return
        self.stills += 1
        for signal_, wait_s in ((signal.SIGSTOP, seconds), (signal.SIGCONT, 0)):
            with contextlib.suppress(ProcessLookupError):
                running.send_signal(signal_)
            await asyncio.sleep(wait_s)

    async def stop(self) -> None:
        """SIGTERM, and its end."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGCONT)
                self._process.terminate()
            await process.stop(self._process)
        self._process = self._keeping = None

    def log(self) -> str:
        """All that its lives wrote."""
        path = self._folder / "bot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def said(self) -> Iterator[dict[str, Any]]:
        """The lines of its log; what is no line of the log, as a traceback, is left out."""
        for line in self.log().splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    yield entry

    async def _keep(self, kill_at: list[str]) -> None:
        while True:
            code = await self._live(kill_at.pop(0) if kill_at else None)
            if code != -signal.SIGKILL:
                raise Unruly(f"it ended by itself, code {code}:\n{self.log()[-TAIL:]}")
            self._ready.clear()
            self.deaths += 1
            await self.on_death()

    async def _live(self, kill_at: str | None) -> int:
        settings = self._environment | ({"KORTELIJN_KILL_AT": kill_at} if kill_at else {})
        running = self._process = await process.start(
            *(self._program, "--config", str(self._config), "run"),
            folder=self._folder,
            errors=asyncio.subprocess.PIPE,
            settings=settings,
        )
        assert running.stderr is not None
        with (self._folder / "bot.log").open("ab", buffering=0) as log:
            async for line in running.stderr:
                log.write(line)
                if b'"event": "ready"' in line:
                    self._ready.set()
        return await running.wait()
