"""One of several running bots: a process of its own, with a data folder of its own."""

import asyncio
import contextlib
import json
import signal
from pathlib import Path
from typing import Any

from tests.demo import process
from tests.kit.warm_start import Process

HANG_S = 90.0  # guards against hanging only
LOOK_EVERY_S = 0.02


class Instance:
    """`python main.py run`. What it logs tells which messengers it leads."""

    def __init__(self, name: str, config: Path, folder: Path, settings: dict[str, str]) -> None:
        self.name = name
        self._config = config
        self._folder = folder / name
        self._settings = settings | {
            "KORTELIJN_HEALTH_PORT": "0",
            "KORTELIJN_DATA_DIR": str(self._folder / "data"),
            "KORTELIJN_SECRETS_DIR": str(config / "secrets"),
        }
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self.log: list[dict[str, Any]] = []
        self.leads: frozenset[str] = frozenset()
        self.ready = False

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self, kill_at: str | None = None) -> None:
        """Start it, and return once it is ready."""
        self._folder.mkdir(exist_ok=True)
        self.ready, self.leads = False, frozenset()
        chosen = {"KORTELIJN_KILL_AT": kill_at} if kill_at else {}
        self._process = await process.start(
            *("main", "--config", str(self._config), "run"),
            folder=self._folder,
            errors=asyncio.subprocess.PIPE,
            settings=self._settings | chosen,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        await self.until(lambda: self.ready, "to be ready")

    async def until(self, holds: Any, what: str) -> None:
        """Wait for something of its log. Fails with the log."""
        try:
            async with asyncio.timeout(HANG_S):
                while not holds():
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            told = "\n".join(json.dumps(line) for line in self.log[-30:])
            raise AssertionError(f"{self.name} was {what}; its log:\n{told}") from None

    def send(self, what: signal.Signals) -> None:
        """SIGKILL, SIGSTOP, SIGCONT …"""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(what)

    async def died(self) -> None:
        """Wait for its end."""
        assert self._process is not None
        assert self._reading is not None
        await self._process.wait()
        await self._reading
        self.ready, self.leads = False, frozenset()

    async def stop(self) -> None:
        """SIGTERM, and its end. Does nothing if it does not run."""
        if self._process is None:
            return
        if self.alive:
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
        await process.stop(self._process)
        if self._reading is not None:
            await self._reading
        self._process = None

    def told(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log about this."""
        return [line for line in self.log if line.get("event") == event]

    async def _read(self, running: Process) -> None:
        assert running.stderr is not None
        async for line in running.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                entry = {"event": line.decode(errors="replace").rstrip()}
            self.log.append(entry)
            if entry.get("event") == "leads":
                self.leads = frozenset(entry["channels"])
            self.ready = self.ready or entry.get("event") == "ready"
