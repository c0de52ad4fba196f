"""`python -m tests.crash`: both campaigns at full length, with their counts. Ends with 1 if an
update was lost or done twice, or a repeat did not say so."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import structlog

from tests.crash.campaign import FULL, run
from tests.crash.page_kills import FULL as PLACES
from tests.crash.page_kills import OneAlarm
from tests.crash.region import a_region
from tests.kit.synapse import Synapse


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.crash")
    arguments.add_argument("--seed", type=int, default=random.randrange(10_000))
    seed = arguments.parse_args().seed
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # requests that died half-way
    begun = perf_counter()
    faults = asyncio.run(_both(seed))
    _say(f"{perf_counter() - begun:.0f} s")
    for fault in faults:
        _say(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


async def _both(seed: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="kortelijn-crash-") as folder:
        async with Synapse.temporary() as synapse:
            updates, pages = Path(folder) / "updates", Path(folder) / "pages"
            updates.mkdir()
            pages.mkdir()
            return await _updates(synapse, updates, seed) + await _pages(synapse, pages)


async def _updates(synapse: Synapse, folder: Path, seed: int) -> list[str]:
    _say(f"UPDATES in bursts, killed at random moments (--seed {seed})")
    outcome = await run(synapse, folder, FULL, seed)
    for number, unfinished in enumerate(outcome.at_death, start=1):
        _say(f"  kill {number}: {unfinished}")
    for line in (f"kills {outcome.kills}", *outcome.ledger.lines()):
        _say(f"  {line}")
    return outcome.ledger.faults


async def _pages(synapse: Synapse, folder: Path) -> list[str]:
    _say("PAGES, killed at the named places")
    faults = []
    reporters = [f"vt_melder{n}" for n in range(len(PLACES))]
    async with a_region(synapse, folder, reporters) as region:
        for reporter, lives in zip(reporters, PLACES, strict=True):
            told = await OneAlarm(region, reporter, lives).run()
            _say(f"  {', '.join(f'{point}:{passes}' for point, passes in lives)}")
            _say(f"    {told.line()}")
            faults += told.faults
            if told.deaths != len(lives):
                faults.append(f"it died {told.deaths} times in place of {len(lives)}")
    return faults


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
