"""`python -m tests.soak`: a bot under steady load, with trouble at random. Ends with 1 if anything
was lost, a chain is stuck, a repeat does not say so, or memory grew."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

import structlog

from tests.crash.database import Database
from tests.soak.report import FLAT_KB, page
from tests.soak.soak import Plan, soak


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.soak")
    arguments.add_argument("--minutes", type=float, default=20)
    arguments.add_argument("--rate", type=float, default=20, help="alarms a minute")
    arguments.add_argument("--seed", type=int, default=random.randrange(10_000))
    arguments.add_argument("--database", type=Database, choices=list(Database), default="sqlite")
    arguments.add_argument("--report", type=Path, help="write the page there as well")
    chosen = arguments.parse_args()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # requests cut half-way
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # of phones whose server is away
    plan = Plan(chosen.minutes, chosen.rate, chosen.seed, chosen.database)
    with tempfile.TemporaryDirectory(prefix="kortelijn-soak-") as folder:
        outcome = asyncio.run(soak(plan, Path(folder)))
    told = page(outcome)
    sys.stdout.write(told)
    if chosen.report is not None:
        chosen.report.write_text(told, encoding="utf-8")
    sys.exit(1 if outcome.ledger.faults or outcome.memory.growth > FLAT_KB else 0)


if __name__ == "__main__":
    main()
