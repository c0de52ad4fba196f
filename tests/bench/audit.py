"""`python -m tests.bench.audit`: how long the auditor takes over a country of open cases, and
how long anything else waits for it meanwhile.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bot.audit.witness import Witness
from bot.clock import WallClock
from config.load import load_folder
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage import leases, outbox
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from tests.bench.figure import Samples
from tests.bench.open_cases import fill
from tests.bench.table import Line, at_most, plain, render
from tests.kit.postgres import Postgres

LOOK_BAR = 2_000.0  # ms
MASTER = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw="
_PAUSE_S = 0.02  # between two pages
_AFTER_S = 0.3  # so that there is a page to measure also beside a short look


@dataclass
class _Beside:
    """What else the program does meanwhile, in milliseconds."""

    held: list[float] = field(default_factory=list)  # longest gap of a ticker, per stretch
    pages: list[float] = field(default_factory=list)  # queue a page and lease it: two commits


async def measure(cases: int, looks: int) -> list[Line]:
    """Lines for both databases."""
    lines = []
    async with _sqlite() as store:
        lines += await _measure("SQLite", store, cases, looks)
    async with _postgres() as store:
        lines += await _measure("PostgreSQL", store, cases, looks)
    return lines


async def _measure(name: str, store: Store, cases: int, looks: int) -> list[Line]:
    await migrate(store.engine)
    now = store.now()
    await fill(store, cases, _frozen(), now)
    witness = Witness(store.engine.url, WallClock().now)
    quiet, busy, took = _Beside(), _Beside(), []
    for _ in range(looks):
        async with _beside(store, busy):
            look = await asyncio.to_thread(witness.look, now)
            await asyncio.sleep(_AFTER_S)
        async with _beside(store, quiet):  # as long, for the longest gap grows with the time
            await asyncio.sleep(look.took_ms / 1000 + _AFTER_S)
        if look.findings or look.cases != cases:
            raise RuntimeError(f"{look.cases} cases, {[each.claim for each in look.findings]}")
        took.append(look.took_ms)
    samples = Samples(tuple(took))
    slowest = max(samples.values)
    return [
        at_most(
            f"auditor over {cases:,} open cases, {name}",
            f"{samples}, worst {slowest:.0f}",
            slowest,
            LOOK_BAR,
            "ms",
            looks,
        ),
        plain("  longest that the loop stood still meanwhile", Samples(tuple(busy.held))),
        plain("    the same without it", Samples(tuple(quiet.held))),
        _worst("  a page queued and leased meanwhile", Samples(tuple(busy.pages))),
        _worst("    the same without it", Samples(tuple(quiet.pages))),
    ]


def _worst(name: str, samples: Samples) -> Line:
    shown = f"{samples.median:.1f}, p99 {samples.rank(99):.0f}, worst {max(samples.values):.0f} ms"
    return Line(name, shown, count=len(samples))


@asynccontextmanager
async def _beside(store: Store, noted: _Beside) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_tick(noted)), asyncio.create_task(_page(store, noted))]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tick(noted: _Beside) -> None:
    worst, last = 0.0, perf_counter()
    try:
        while True:
            await asyncio.sleep(0.001)
            last, before = perf_counter(), last
            worst = max(worst, last - before - 0.001)
    finally:
        noted.held.append(worst * 1000)


async def _page(store: Store, noted: _Beside) -> None:
    """As an alarm does it, and the dispatcher; what is leased is put away, unsent."""
    while True:
        begun = perf_counter()
        async with store.unit() as unit:
            destination = "person:1:matrix"
            outbox.queue(
                unit, channel="matrix", destination=destination, kind="say", payload={}, lane=0
            )
        async with store.unit() as unit:
            rows = await leases.claim(unit, limit=4, lanes=outbox.PAGES)
        noted.pages.append((perf_counter() - begun) * 1000)
        async with store.unit() as unit:
            for row in rows:
                outbox.finish(unit, await unit.session.merge(row), "cancelled")
        await asyncio.sleep(_PAUSE_S)


def _frozen() -> str:
    folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
    try:
        settings = Settings(config_dir=folder)
        region = demo_region("http://127.0.0.1:1", "x")
        scaffold(settings.config_dir, settings.secrets_dir, region, "x")
        return load_folder(settings).protocols["skm"].model_dump_json()
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def _sqlite() -> AsyncIterator[Store]:
    folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
    try:
        async with _store(f"sqlite:///{folder / 'kortelijn.sqlite3'}") as store:
            yield store
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def _postgres() -> AsyncIterator[Store]:
    async with Postgres.temporary(safe=True) as server:
        url = server.url(await server.fresh())
        async with _store(url) as store:
            yield store


@asynccontextmanager
async def _store(url: str) -> AsyncIterator[Store]:
    store = Store(open_engine(url), Vault([MASTER]), b"log", "bench", WallClock().now)
    try:
        yield store
    finally:
        await store.close()


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.bench.audit")
    asked.add_argument("--cases", type=int, default=50_000)
    asked.add_argument("--looks", type=int, default=10)
    given = asked.parse_args()
    load = os.getloadavg()[0]
    sys.stdout.write(f"{render(asyncio.run(measure(given.cases, given.looks)))}\n")
    sys.stdout.write(f"{os.cpu_count()} cores; load before: {load:.1f}\n")


if __name__ == "__main__":
    main()
