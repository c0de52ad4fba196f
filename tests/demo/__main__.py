"""`python -m tests.demo`: play the Friday-hospital day. See docs/demo.md."""

import argparse
import asyncio
import contextlib
import signal
import sys

from bot.kill_points import KillPoint
from tests.demo.columns import Paint, terminal
from tests.demo.director import Director
from tests.demo.timeline import Timeline

INTERRUPTED = 130


def arguments(given: list[str]) -> argparse.Namespace:
    """Exits with a sentence if they make no sense."""
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADRES")
    parser.add_argument("--stay", action="store_true", help="laat alles aan na de dag")
    parser.add_argument("--kill", type=kill_point, metavar="PUNT[:N]", help=", ".join(KillPoint))
    return parser.parse_args(given)


def kill_point(text: str) -> str:
    """A name of `KillPoint`, perhaps with how many times it is passed first."""
    name, _, count = text.partition(":")
    if name not in set(KillPoint) or not (count or "1").isdecimal() or int(count or 1) < 1:
        raise argparse.ArgumentTypeError(f"{text} is geen punt. Kies: {', '.join(KillPoint)}")
    return text


async def play(given: argparse.Namespace) -> int:
    """The exit code. Ctrl-C and SIGTERM stop everything in good order."""
    timeline = Timeline(sys.stdout, Paint(sys.stdout.isatty()), terminal())
    director = Director(timeline, bind=given.bind, kill_at=given.kill)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stopped.set)
    day = asyncio.create_task(director.run(stay=stopped if given.stay else None))
    stop = asyncio.create_task(stopped.wait())
    await asyncio.wait({day, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not day.done() and not director.staying:
        day.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await day
        return INTERRUPTED
    return await day


if __name__ == "__main__":
    sys.exit(asyncio.run(play(arguments(sys.argv[1:]))))
