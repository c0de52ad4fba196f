"""The bare client as the bench sees it: orders go to a process of its own."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Self

from tests.kit.synapse import TIED

WITHIN_S = 60.0


class Peer:
    """A running bare client. Close it."""

    def __init__(self, user_id: str, process: asyncio.subprocess.Process) -> None:
        self.user_id = user_id
        self._process = process

    @classmethod
    async def start(cls, base_url: str, user_id: str, password: str, folder: Path) -> Self:
        """Start and log in."""
        await asyncio.to_thread(folder.mkdir)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(TIED), str(os.getpid()), "tests.bench.bare"),
            *(base_url, user_id, password, str(folder)),
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        peer = cls(user_id, process)
        await peer._answer()
        return peer

    async def tell(self, order: str, **arguments: Any) -> Any:
        """Give an order and return its answer. Raises `RuntimeError` if the client ended."""
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
            raise RuntimeError("the bare client ended by itself")
        return json.loads(line)
