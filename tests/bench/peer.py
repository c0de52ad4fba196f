"""A process that does what it is told: a bare client, or a Telegram with its people."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Self

from tests.kit.synapse import TIED

WITHIN_S = 60.0
ROOT = Path(__file__).parents[2]


class Peer:
    """A running one. Close it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.greeting: Any = None  # what it said when it was ready

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Self:
        """Run a module that takes orders line by line, and wait until it is ready."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(TIED), str(os.getpid()), module, *arguments),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        peer = cls(process)
        peer.greeting = await peer._answer()
        return peer

    async def tell(self, order: str, **arguments: Any) -> Any:
        """Give an order and return its answer. Raises `RuntimeError` if the process ended."""
        assert self._process.stdin is not None
        line = json.dumps({"do": order, **arguments})
        self._process.stdin.write(line.encode() + b"\n")
        await self._process.stdin.drain()
        return await self._answer()

    async def close(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    async def _answer(self) -> Any:
        assert self._process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the bench ended by itself")
        return json.loads(line)
