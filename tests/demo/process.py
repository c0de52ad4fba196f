"""Starting and stopping a Python module as a process that cannot outlive this one."""

import asyncio
import os
from pathlib import Path
from typing import IO

from tests.kit import warm_start
from tests.kit.warm_start import Process

ROOT = Path(__file__).parents[2]
STOP_WITHIN_S = 10.0


async def start(
    *command: str, folder: Path, errors: IO[bytes] | int, settings: dict[str, str] | None = None
) -> Process:
    """`command`: module and arguments. Temporary files go into `folder`; settings of the
    program that stand in our own environment are not passed on."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith("KORTELIJN_")}
    environment = {**inherited, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), **(settings or {})}
    return await warm_start.start(*command, folder=folder, environment=environment, errors=errors)


async def stop(process: Process) -> None:
    """Wait for its end, which was already asked for; else end it by force."""
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()
