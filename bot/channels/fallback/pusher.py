"""Start a process for each text, and end it when it takes too long."""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Literal

import structlog

from bot.channels.fallback.push import Code

log = structlog.get_logger(__name__)

Outcome = Literal["accepted", "not_understood", "failed", "unknown"]

_PUSH = Path(__file__).with_name("push.py")
_OWN = "KORTELIJN_"  # settings of the bot, in which an address of the database can stand
_GRACE_S = 5.0  # it ends itself only if nobody is left to end it
_OUTCOMES: dict[int, Outcome] = {
    Code.ACCEPTED: "accepted",
    Code.NOT_UNDERSTOOD: "not_understood",
    Code.FAILED: "failed",
}


class Pusher:
    """A process is cut off after `within_s` real seconds."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._running: set[asyncio.subprocess.Process] = set()

    async def push(self, url: str, text: str) -> Outcome:
        """Hand it over. `unknown`: it was cut off, and may have been taken."""
        given = {"url": url, "text": text, "within_s": self._within_s + _GRACE_S}
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(_PUSH)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,  # its warnings can quote a URL
                env={name: v for name, v in os.environ.items() if not name.startswith(_OWN)},
            )
        except OSError as error:
            log.warning("fallback_not_started", why=error.strerror)
            return "failed"
        self._running.add(process)
        try:
            async with asyncio.timeout(self._within_s):
                await process.communicate(json.dumps(given).encode())
        except TimeoutError:
            log.warning("fallback_hangs", within_s=self._within_s)
        finally:
            self._running.discard(process)
            code = await _end(process)
        return _OUTCOMES.get(code, "unknown")

    async def stop(self) -> None:
        """End what still runs."""
        for process in tuple(self._running):
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> int:
    """How it ended; below zero: by a signal, ours or another."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    return await process.wait()
