"""`python -m tests.crash`: the campaigns at full length, with their counts. Ends with 1 if an
update was lost or done twice, a repeat did not say so, or a yes did not stand.

    --database postgresql                  the same there, and its line is cut around commits
    --database postgresql --instances 2    bursts only: one dies or stands still, one takes over
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import structlog

from tests.crash.campaign import FULL, SHORT, run
from tests.crash.database import Database, an_address
from tests.crash.page_kills import FULL as PLACES
from tests.crash.page_kills import OneAlarm
from tests.crash.region import a_region
from tests.crash.relay import Relay
from tests.kit.synapse import Synapse


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.crash")
    arguments.add_argument("--seed", type=int, default=random.randrange(10_000))
    arguments.add_argument("--database", type=Database, choices=list(Database), default="sqlite")
    arguments.add_argument("--instances", type=int, choices=(1, 2), default=1)
    chosen = arguments.parse_args()
    if chosen.instances > 1 and chosen.database is not Database.POSTGRESQL:
        arguments.error("several instances share a PostgreSQL: --database postgresql")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # requests that died half-way
    begun = perf_counter()
    faults = asyncio.run(_all(chosen.seed, chosen.database, chosen.instances))
    _say(f"{perf_counter() - begun:.0f} s")
    for fault in faults:
        _say(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


async def _all(seed: int, database: Database, instances: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="kortelijn-crash-") as folder:
        async with Synapse.temporary() as synapse:
            updates, pages, commits = (Path(folder) / each for each in "upc")
            for each in (updates, pages, commits):
                each.mkdir()
            async with an_address(database) as address:
                faults = await _updates(synapse, updates, seed, address, instances)
            if instances > 1:  # who dies at a named place: tests/instances
                return faults
            async with an_address(database) as address:
                faults += await _pages(synapse, pages, address)
            async with an_address(database) as address:
                return faults + (await _commits(synapse, commits, seed, address) if address else [])


async def _commits(synapse: Synapse, folder: Path, seed: int, address: str) -> list[str]:
    _say(f"COMMITS, the line cut before they arrive or after they are done (--seed {seed})")
    async with Relay.to(address, seed) as relay:
        outcome = await run(synapse, folder, SHORT, seed, address=address, relay=relay)
    cuts = ", ".join(f"{what} {times}" for what, times in sorted(relay.cuts.items()))
    for line in (f"lines cut over a commit: {cuts}", *outcome.lines()):
        _say(f"  {line}")
    return outcome.ledger.faults


async def _updates(
    synapse: Synapse, folder: Path, seed: int, address: str | None, instances: int
) -> list[str]:
    _say(f"UPDATES in bursts, killed at random moments (--seed {seed})")
    outcome = await run(synapse, folder, FULL, seed, address=address, instances=instances)
    for number, unfinished in enumerate(outcome.at_death, start=1):
        _say(f"  kill {number}: {unfinished}")
    for line in outcome.lines():
        _say(f"  {line}")
    return outcome.ledger.faults


async def _pages(synapse: Synapse, folder: Path, address: str | None) -> list[str]:
    _say("PAGES, killed at the named places")
    faults = []
    reporters = [f"vt_melder{n}" for n in range(len(PLACES))]
    async with a_region(synapse, folder, reporters, address=address) as region:
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
