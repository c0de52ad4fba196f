"""`python -m tests.bench`: measure, and print the table. Ends with 0 also where a bar is missed.

`--only country`, `region` or `roster` measures that part.
"""

import argparse
import asyncio
import logging
import os
import platform
import sys
from time import perf_counter

import structlog

from tests.bench.course import PARTS, Size, run
from tests.bench.table import render

MEANING = """
Shown: median (p10–p90). Ratio: each sample to its neighbour of the floor, taken in turn.
Pages   from the moment that the homeserver's answer with the initiator's reaction has reached
        the bot whole, to the moment that its answer to the last page has: both seen on the
        wire by a relay, which the floor goes through as well. The floor: a bare nio client told
        to send as many encrypted messages to as many direct rooms at once, sessions warm.
Reply   on the phone's own clock, from sending to being able to read. The floor: the same way
        to a minimal nio bot that answers every message with a text of that length.
Telegram  from the moment that the server's answer with the press that confirms an alarm has
        reached the bot whole, to the moment that its answer to the fourth `sendMessage` has. The
        floor: a process with nothing but python-telegram-bot's `Bot`, from the answer to its long
        poll to the answer to the last of four concurrent sends of that text and those buttons. The
        server is a fake one in its own process, which judges nothing, for both.
        Of 40 pages at once the floor sends 30, and the rest a second later, as Telegram wants.
Queued  in this process, with the bot's own loops and a messenger that is a script.
Country a region with a protocol and six people on duty for each of 26, everybody on Telegram, and
        databases with open cases whose clocks lie in the future.
Timer   from the instant it was due to the commit of its firing, by the program's sweeper in this
        process: reminders of drafts that were sent meanwhile, 50 a second. Beside it as many jobs
        that do nothing, until they begin, 20,000 others pending: APScheduler's SQLAlchemy store,
        procrastinate that looks every 20 ms.
Burst   alarms confirmed in the same moment; floor: the same pages, 32 side by side.
Roster  for each function office hours that change by day, piket by week, the weekend apart, ten
        swaps a year and a week away for everybody. From the database: rules, changes, absences and
        holidays of four partners, and who stands there.
Start   from starting the process to the server's answer to the first page that was overdue.
"""


def main() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("nio").setLevel(logging.CRITICAL)
    asked = argparse.ArgumentParser(prog="python -m tests.bench")
    asked.add_argument("--only", choices=PARTS)
    only = asked.parse_args().only
    load = os.getloadavg()[0]
    begun = perf_counter()
    lines = asyncio.run(run(Size(), _say, (only,) if only else PARTS))
    took = perf_counter() - begun
    python = platform.python_version()
    sys.stdout.write(f"\n{render(lines)}\n{MEANING}\n")
    sys.stdout.write(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {python};"
        f" load before: {load:.1f}; {took:.0f} s\n"
    )


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
