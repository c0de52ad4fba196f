"""What an outage costs: until the first overdue page is out after a start, and until the next page
is sent after the leader was killed. The server's answer is seen on the wire before it.
"""

import asyncio
from dataclasses import dataclass
from time import perf_counter

from sqlalchemy import text

from tests.bench.country.clocks import set_off
from tests.bench.country.ground import NEXT
from tests.bench.country.house import WITHIN_S, Country
from tests.bench.figure import Samples, milliseconds
from tests.bench.footprint import Memory
from tests.bench.program import Program
from tests.bench.telegram.rounds import TAKE, accepted
from tests.bench.wire import Exchange

AHEAD_S = 6.0  # whoever has just started waits so long for answers before its clocks run
AFTER_KILL_S = 0.05
AWAY_MS = 600_000
LOOK_EVERY_S = 0.05
_AWAY = (
    "UPDATE cursor SET moved_at = moved_at - :away",
    "UPDATE outbox SET sent_at = sent_at - :away",
    "UPDATE inbox SET done_at = done_at - :away",
)


@dataclass(frozen=True)
class Restart:
    """Seconds from starting the process to the first overdue page accepted by the server."""

    first_page: Samples
    after_absence: Samples  # long enough that every open case is told of it
    memory: Memory  # after what was overdue has gone


async def restart(country: Country, url: str, overdue: int, rounds: int) -> Restart:
    """`overdue` pages came due while it did not run, each time."""
    program = country.program("restarted", url)
    try:
        await program.start(WITHIN_S)
        await program.quiet(WITHIN_S)
        await program.stop()
        taken = [await _start(country, url, program, overdue) for _ in range(rounds)]
        memory = Memory(*program.memory())
        await program.stop()
        async with country.ground.store(url) as store, store.unit() as unit:
            for statement in _AWAY:
                await unit.session.exec(text(statement), params={"away": AWAY_MS})  # type: ignore[call-overload]
        after = await _start(country, url, program, overdue)
    finally:
        await program.stop()
    return Restart(Samples(tuple(taken), "s"), Samples((after,), "s"), memory)


async def _start(country: Country, url: str, program: Program, overdue: int) -> float:
    await program.stop()
    async with country.ground.store(url) as store, store.unit() as unit:
        await set_off(unit, overdue, unit.now - 1_000, 0)
    country.wire.forget()
    begun = perf_counter()
    starting = asyncio.create_task(program.start(WITHIN_S))
    first, *_ = await _pages(country, overdue)
    await starting
    return first.answered - begun


async def failover(country: Country, url: str, rounds: int) -> Samples:
    """Milliseconds from killing the leader to the next page accepted. It was to go out by a clock
    that comes due a moment after the kill."""
    programs = [country.program(f"instance{number}", url) for number in range(2)]
    taken: list[float] = []
    try:
        for each in programs:
            await each.start(WITHIN_S)
        for _ in range(rounds):
            leader = await _leader(programs)
            async with country.ground.store(url) as store, store.unit() as unit:
                kill_at = perf_counter() + AHEAD_S
                due_at = unit.now + round((AHEAD_S + AFTER_KILL_S) * 1000)
                await set_off(unit, 1, due_at, 0)
            await asyncio.sleep(kill_at - perf_counter())
            country.wire.forget()
            killed = leader.kill()
            first, *_ = await _pages(country, 1)
            taken.append(first.answered - killed)
            await leader.start(WITHIN_S)
    finally:
        for each in programs:
            await each.stop()
    return milliseconds(taken)


async def _leader(programs: list[Program]) -> Program:
    async with asyncio.timeout(WITHIN_S):
        while True:
            for each in programs:
                led = each.told("leads")
                if led and "telegram" in led[-1]["channels"]:
                    return each
            await asyncio.sleep(LOOK_EVERY_S)


async def _pages(country: Country, pages: int) -> list[Exchange]:
    """Those that were accepted, once there are so many."""
    chat = str(country.chats[NEXT])
    async with asyncio.timeout(WITHIN_S):
        while True:
            seen = accepted(country.wire.exchanges, TAKE)
            found = [each for each in seen if each.form["chat_id"] == chat]
            if len(found) >= pages:
                return found
            await asyncio.sleep(LOOK_EVERY_S)
