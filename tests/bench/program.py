"""The bot as an operator runs it: a process of its own, watched only through `/health`."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
import psutil

from tests.kit.synapse import TIED

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 10.0
LOOK_EVERY_S = 0.01


class Program:
    """`main.py run` on a configuration folder. `start` may be called again after `stop`."""

    def __init__(
        self,
        config_dir: Path,
        log: Path,
        environment: Mapping[str, str] | None = None,
        module: str = "main",
    ) -> None:
        """`module` is run instead of `main.py`, with the same arguments."""
        self._config_dir = config_dir
        self._module = module
        self._log_from = 0  # where in its log its present life begins
        self._environment = dict(environment or {})
        self._log = log
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, within_s: float = READY_WITHIN_S) -> float:
        """Start it; returns the seconds until `/health` says that it is ready."""
        command = [sys.executable, "-P", str(TIED), str(os.getpid()), self._module]
        with self._log.open("ab") as log:
            self._log_from = log.tell()
            begun = perf_counter()
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [*command, "--config", str(self._config_dir), "run"],
                env=os.environ | self._environment | {"KORTELIJN_HEALTH_PORT": str(self._port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._session = self._session or aiohttp.ClientSession()
        async with asyncio.timeout(within_s):
            while not await self._says("ready"):
                if self._process.poll() is not None:
                    raise RuntimeError(f"the bot ended by itself:\n{self._end_of_log()}")
                await asyncio.sleep(LOOK_EVERY_S)
        return perf_counter() - begun

    async def quiet(self, within_s: float = READY_WITHIN_S) -> None:
        """Return when nothing waits inside it. Raises `TimeoutError` that tells what waits."""
        try:
            async with asyncio.timeout(within_s):
                while not await self._says("quiet"):
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            raise TimeoutError(f"not quiet: {await self._health()}\n{self._end_of_log()}") from None

    def memory(self) -> tuple[float, float]:
        """Resident and unshared memory in MB (10⁶ bytes)."""
        assert self._process is not None
        used = psutil.Process(self._process.pid).memory_full_info()
        return used.rss / 1e6, used.uss / 1e6

    def told(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log about this, since it was started."""
        with self._log.open("rb") as log:
            log.seek(self._log_from)
            lines = log.read().splitlines()
        name = f'"{event}"'.encode()
        return [
            told for line in lines if name in line and (told := json.loads(line))["event"] == event
        ]

    def kill(self) -> float:
        """As a machine does that loses power; returns when (`perf_counter`)."""
        assert self._process is not None
        at = perf_counter()
        self._process.kill()
        self._process.wait()
        return at

    async def stop(self) -> None:
        """End it as an operator does, else by force. Does nothing if it does not run."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(process.wait, STOP_WITHIN_S)
            process.kill()
            process.wait()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _says(self, what: str) -> bool:
        return bool((await self._health()).get(what))

    async def _health(self) -> dict[str, Any]:
        assert self._session is not None
        try:
            async with self._session.get(f"http://127.0.0.1:{self._port}/health") as answer:
                told: dict[str, Any] = await answer.json()
                return told
        except aiohttp.ClientConnectionError:
            return {}

    def _end_of_log(self) -> str:
        return self._log.read_text(errors="replace")[-2000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
