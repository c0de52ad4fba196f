"""Starting and stopping a Python module as a process that cannot outlive this one."""

import asyncio
import os
import sys
from pathlib import Path
from typing import IO

from tests.kit.synapse import TIED

ROOT = Path(__file__).parents[2]
STOP_WITHIN_S = 10.0
LINE_LIMIT = 1 << 20


async def start(
    *command: str, folder: Path, errors: IO[bytes] | int, settings: dict[str, str] | None = None
) -> asyncio.subprocess.Process:
    """`command`: module and arguments. Temporary files go into `folder`; settings of the
    program that stand in our own environment are not passed on."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith("KORTELIJN_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", str(TIED), str(os.getpid()), *command),
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), **(settings or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=errors,
        limit=LINE_LIMIT,
        start_new_session=True,  # Ctrl-C in a terminal is for us to pass on, in order
    )


async def stop(process: asyncio.subprocess.Process) -> None:
    """Wait for its end, which was already asked for; else end it by force."""
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()
