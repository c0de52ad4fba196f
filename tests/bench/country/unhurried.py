"""`main.py run`, for a Telegram that takes as much as one can send: nobody there would be silenced.

python -m tests.bench.country.unhurried --config FOLDER run
"""

import asyncio
import signal
import sys
from pathlib import Path

from bot.app import App
from bot.channels.telegram.limits import Limiter
from bot.running import leave_alone_what_stays
from config.load import load
from config.log import set_up_log
from config.settings import Settings


class Unhurried(Limiter):
    """Everything may go at once."""

    async def enter(self, chat: str, *, urgent: bool, light: bool = False) -> int:
        return 0


async def _run(config_dir: Path) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    settings = Settings(config_dir=config_dir)
    app = App(settings, load(settings), limiter=Unhurried())
    try:
        await app.start()
        leave_alone_what_stays()
        await told.wait()
    finally:
        await app.stop()


if __name__ == "__main__":
    set_up_log("info")
    asyncio.run(_run(Path(sys.argv[2])))
