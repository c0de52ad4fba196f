"""An SVG as a PNG, drawn by a process of its own (`press`)."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from bot.picture.letters import FAMILY, FONT

_PRESS = Path(__file__).with_name("press.py")
_OWN = "KORTELIJN_"  # settings of the bot, in which an address of the database can stand
WITHIN_S = 20.0


class NotDrawn(ValueError):
    """No picture came of it, and none will."""


async def png(svg: str) -> bytes:
    """The picture. Raises `NotDrawn`, and `OSError` if no process can be started."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", str(_PRESS), str(FONT), FAMILY, str(WITHIN_S)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: v for name, v in os.environ.items() if not name.startswith(_OWN)},
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            drawn, _ = await process.communicate(svg.encode())
    except TimeoutError:
        raise NotDrawn("drawing takes too long") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
    if process.returncode or not drawn:
        raise NotDrawn(f"drawing ended with {process.returncode}")
    return drawn
