"""One run of what a country asks, from empty databases to the lines of the table."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import audit
from tests.bench.country import burst, clocks, outage, peers
from tests.bench.country.ground import KINDS, POSTGRESQL, SQLITE, Ground
from tests.bench.country.house import Country, a_country
from tests.bench.country.regions import PARTNERS
from tests.bench.figure import Samples
from tests.bench.table import Line, at_most, compared, tail, worst

LATE_BAR = {SQLITE: 25.0, POSTGRESQL: 40.0}  # ms, 99th percentile
AT_ONCE_BAR = 300.0  # ms, worst
BURST_BAR = 1 / 0.8  # times the floor: 80 % of its throughput
RESTART_BAR, FAILOVER_BAR = 4.0, 1_000.0  # s, ms
MEMORY_BAR = 200.0  # MB
PEERS = {SQLITE: "APScheduler", POSTGRESQL: "procrastinate"}


@dataclass(frozen=True)
class CountrySize:
    """How many of what."""

    regions: int = 26
    cases: int = 20_000
    pending: int = 20_000  # of the peers; ours has the clocks of all cases
    spread: int = 500  # timers
    escalations: int = 100
    at_once: int = 2_000
    alarms: int = 100
    bursts: int = 2
    overdue: int = 100
    restarts: int = 2
    kills: int = 10
    audited: int = 50_000
    looks: int = 10
    apart_ms: float = 20.0

    @property
    def melders(self) -> int:
        """Nobody raises a second alarm within a minute, which would be questioned."""
        return self.alarms * (self.bursts + 1)


async def run(size: CountrySize, say: Callable[[str], None]) -> list[Line]:
    """Measure everything one after the other."""
    say(f"{size.regions} regions on one instance, {size.cases} open cases, twice …")
    async with a_country(size.cases, size.regions, size.melders) as country:
        say(f"{size.spread} timers among them, one by one, and {size.at_once} at once …")
        lines = [line for kind in KINDS for line in await _clocks(country.ground, kind, size)]
        say(f"{size.bursts} times {size.alarms} alarms at once …")
        for kind in KINDS:
            lines += await _burst(country, kind, size)
        say(f"{size.restarts} starts with {size.overdue} pages overdue …")
        for kind in KINDS:
            lines += await _restart(country, kind, size)
        say(f"the leader is killed {size.kills} times …")
        async with country.ground.copy(POSTGRESQL) as url:
            lines.append(_failover(await outage.failover(country, url, size.kills)))
    say(f"the auditor looks at {size.audited} open cases …")
    return [*lines, *await audit.measure(size.audited, size.looks)]


async def _clocks(ground: Ground, kind: str, size: CountrySize) -> list[Line]:
    apart_ms, at_once = size.apart_ms, size.at_once
    async with ground.copy(kind) as url:
        ours = await clocks.cheap(ground, url, size.spread, apart_ms)
    async with ground.copy(kind) as url:
        ours_at_once = await clocks.cheap(ground, url, at_once, 0)
    async with ground.copy(kind) as url:
        real = await clocks.escalate(ground, url, size.escalations, apart_ms * 5)
    peer = await _peer(ground, kind, size, size.spread, apart_ms)
    peer_at_once = await _peer(ground, kind, size, at_once, 0)
    pending = f"{size.cases:,} open cases pending, {kind}"
    return [
        tail(f"timer late, {pending} (floor: {PEERS[kind]})", ours, peer, LATE_BAR[kind]),
        worst(f"  {at_once:,} due at once", ours_at_once, peer_at_once, AT_ONCE_BAR),
        tail("  real escalations, 10 a second", real),
    ]


async def _peer(
    ground: Ground, kind: str, size: CountrySize, timers: int, apart_ms: float
) -> Samples:
    apart_s = apart_ms / 1000
    if kind == SQLITE:
        folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
        try:
            return await peers.apscheduler(folder, size.pending, timers, apart_s)
        finally:
            shutil.rmtree(folder)
    name = await ground.postgres.fresh()
    try:
        conninfo = ground.postgres.url(name).replace("+psycopg", "", 1)
        return await peers.procrastination(conninfo, size.pending, timers, apart_s)
    finally:
        await ground.postgres.drop(name)


async def _burst(country: Country, kind: str, size: CountrySize) -> list[Line]:
    async with country.ground.copy(kind) as url:
        taken = await burst.measure(country, url, size.alarms, size.regions, size.bursts)
    pages = size.alarms * len(PARTNERS)
    return [
        compared(f"{size.alarms} alarms at once → last of {pages}, {kind}", taken.fast, BURST_BAR),
        compared("  with Telegram's limit (floor: 30 a second)", taken.allowed),
    ]


async def _restart(country: Country, kind: str, size: CountrySize) -> list[Line]:
    async with country.ground.copy(kind) as url:
        taken = await outage.restart(country, url, size.overdue, size.restarts)
    memory = taken.memory
    return [
        _start(f"process start → first overdue page, {kind}", taken.first_page),
        _start("  after an absence that every case is told of", taken.after_absence),
        at_most("  memory then", str(memory), memory.resident, MEMORY_BAR, "MB"),
    ]


def _start(name: str, samples: Samples) -> Line:
    return at_most(name, str(samples), max(samples.values), RESTART_BAR, "s", len(samples))


def _failover(samples: Samples) -> Line:
    slowest = max(samples.values)
    shown = f"{samples}, worst {slowest:.0f}"
    name = "leader killed → next page accepted, PostgreSQL"
    return at_most(name, shown, slowest, FAILOVER_BAR, "ms", len(samples))
