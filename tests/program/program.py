"""`python main.py …` as a process of its own, on a configuration folder of its own."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from config.settings import Settings
from tests.kit import warm_start
from tests.kit.warm_start import Process

ROOT = Path(__file__).parents[2]
HANG_S = 60.0  # guards against hanging, says nothing about speed
STOP_S = 25.0  # the same for ending; the longest wait of a request is longer
LOOK_EVERY_S = 0.02


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    def lines(self) -> list[str]:
        return self.out.splitlines()


class Program:
    """A configuration folder with the commands that people give on it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {"KORTELIJN_HEALTH_PORT": str(self.port), **environment}
        self._running: list[Running] = []

    @property
    def settings(self) -> Settings:
        """Where everything lies."""
        return Settings(config_dir=self.folder)

    @property
    def database(self) -> Path:
        return self.settings.data_dir / "kortelijn.sqlite3"

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a configuration file, everywhere where `old` stands."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    async def call(self, *arguments: str, stdin: str = "", **environment: str) -> Said:
        """Give a command and wait for its end."""
        process = await self._start(arguments, environment, asyncio.subprocess.PIPE)
        async with asyncio.timeout(HANG_S):
            out, err = await process.communicate(stdin.encode())
        assert process.returncode is not None
        return Said(process.returncode, out.decode(), err.decode())

    async def run(self, **environment: str) -> "Running":
        """`main.py run`; goes on until it is told to stop, at the latest by `close`."""
        log = self.folder.parent / f"log-{len(self._running)}.jsonl"
        with log.open("wb") as errors:
            process = await self._start(("run",), environment, errors)
        running = Running(process, log, f"http://127.0.0.1:{self.port}")
        self._running.append(running)
        return running

    async def close(self) -> None:
        """Leave nothing running."""
        for running in self._running:
            await running.kill()

    async def _start(
        self, arguments: tuple[str, ...], environment: dict[str, str], errors: Any
    ) -> Process:
        inherited = {name: v for name, v in os.environ.items() if not name.startswith("KORTELIJN")}
        given = {**inherited, "PYTHONPATH": str(ROOT), **self.environment, **environment}
        return await warm_start.start(
            *("main", "--config", str(self.folder), *arguments),
            folder=self.folder.parent,
            environment=given,
            errors=errors,
        )


class Running:
    """A bot that runs. Its log is a file that grows."""

    def __init__(self, process: Process, log: Path, url: str) -> None:
        self._process = process
        self._log = log
        self._url = url

    def log_text(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def logged(self, event: str) -> list[dict[str, Any]]:
        """All lines of the log about this, oldest first."""
        return [entry for entry in _entries(self.log_text()) if entry.get("event") == event]

    async def until_logged(self, event: str, times: int = 1) -> dict[str, Any]:
        """Wait until the log has this so many times; returns the last one."""
        await self.until(lambda: len(self.logged(event)) >= times, f"{event} × {times}")
        return self.logged(event)[-1]

    async def until_log_has(self, lines: int) -> None:
        await self.until(lambda: self.log_text().count("\n") >= lines, f"{lines} lines of log")

    async def until(self, look: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(HANG_S):
                while not look():
                    assert self._process.returncode is None, f"ended by itself: {self.log_text()}"
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise AssertionError(f"waited for {what}; the log says:\n{self.log_text()}") from None

    async def ready(self) -> "Running":
        await self.until_logged("ready")
        return self

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Status and body of /health."""
        async with aiohttp.ClientSession() as session, session.get(f"{self._url}/health") as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> str:
        url = f"{self._url}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
            return await answer.text()

    async def quiet(self) -> None:
        """Wait until nothing is waiting inside it."""
        async with asyncio.timeout(HANG_S):
            while not (await self.health())[1]["quiet"]:
                await asyncio.sleep(LOOK_EVERY_S)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop and return its exit code. Fails if it does not end by itself."""
        self._process.send_signal(by)
        return await self.ended()

    async def ended(self) -> int:
        try:
            async with asyncio.timeout(STOP_S):
                return await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"it does not end; the log says:\n{self.log_text()}") from None

    async def kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


def _entries(log: str) -> list[dict[str, Any]]:
    """The lines of JSON; other lines are sentences for people."""
    return [json.loads(line) for line in log.splitlines() if re.match(r"\{.*\}$", line)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
