"""A country's roster: a year computed afresh, and who is on duty now, in memory and from the
database as an alarm asks it."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter

from bot.clock import WallClock
from commands.roster.load import roster_of
from commands.rules.moments import AMSTERDAM, DAY
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import Roster, Seat
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from storage.tables import Absence, Duty, RosterChange
from tests.bench.figure import Samples
from tests.bench.table import Line, at_most, plain

YEAR_BAR, NOW_BAR = 1.0, 5.0  # s, ms
MASTER = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw="
MONDAY = date(2026, 1, 5)


@dataclass(frozen=True)
class RosterSize:
    """How large the country is, and how often each is asked."""

    partners: int = 12
    functions: int = 60
    people: int = 500
    years: int = 5
    asked: int = 300


async def measure(size: RosterSize, say: Callable[[str], None]) -> list[Line]:
    """Office hours by day, piket by week, the weekend apart; swaps and absences all year."""
    say(f"{size.people} people, {size.functions} functions, one year of duty …")
    folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
    try:
        store = Store(
            open_engine(f"sqlite:///{folder / 'roster.sqlite3'}"),
            Vault([MASTER]),
            b"log",
            "bench",
            WallClock().now,
        )
        try:
            return await _measure(store, size)
        finally:
            await store.close()
    finally:
        shutil.rmtree(folder)


async def _measure(store: Store, size: RosterSize) -> list[Line]:
    seats = [Seat(f"p{n % size.partners}", f"f{n}") for n in range(size.functions)]
    await migrate(store.engine)
    now = store.now()
    async with store.unit() as unit:
        unit.session.add_all(_rows(seats, size, now))
    async with store.view() as unit:
        roster = await roster_of(unit, span_ms=366 * DAY)
    whole, floor = [], []
    for _ in range(size.years):
        begun = perf_counter()
        count = sum(len(stretches(roster, seat, now, now + 365 * DAY)) for seat in seats)
        whole.append(perf_counter() - begun)
        floor.append(_only_the_clock(2 * count))
    one = [_one(roster, seats[n % len(seats)], now + n * DAY // 7) for n in range(size.asked)]
    asked = Samples(tuple(await _from_database(store, seats, size)))
    slowest, ratio = max(whole), Samples(tuple(whole), "s")
    return [
        at_most(
            f"roster of a year: {size.people} people, {size.functions} functions",
            str(ratio),
            slowest,
            YEAR_BAR,
            "s",
            size.years,
        ),
        plain(f"  as many hours put on the clock ({2 * count:,})", Samples(tuple(floor), "s")),
        plain("who is on duty now, in memory", Samples(tuple(one))),
        at_most(
            "who is on duty now, four partners, from the database",
            f"{asked}, p99 {asked.rank(99):.1f}",
            asked.rank(99),
            NOW_BAR,
            "ms",
            size.asked,
        ),
    ]


def _one(roster: Roster, seat: Seat, at: int) -> float:
    begun = perf_counter()
    stretches(roster, seat, at, at + 1)
    return (perf_counter() - begun) * 1000


async def _from_database(store: Store, seats: Sequence[Seat], size: RosterSize) -> list[float]:
    four = list({seat.partner: seat for seat in seats}.values())[:4]
    took = []
    for _ in range(size.asked):
        async with store.view() as unit:
            begun = perf_counter()
            roster = await roster_of(unit, [seat.partner for seat in four], span_ms=1)
            for seat in four:
                stretches(roster, seat, unit.now, unit.now + 1)
            took.append((perf_counter() - begun) * 1000)
    return took


def _only_the_clock(hours: int) -> float:
    """What nobody can do without: a wall clock's hour as an instant, nothing else."""
    begun = perf_counter()
    day = datetime.combine(MONDAY, time(8))
    for n in range(hours):
        (day + timedelta(hours=n)).replace(tzinfo=AMSTERDAM).astimezone(UTC)
    return perf_counter() - begun


def _rows(seats: Sequence[Seat], size: RosterSize, now: int) -> list[Duty | RosterChange | Absence]:
    rows: list[Duty | RosterChange | Absence] = []
    each = max(2, size.people // len(seats))
    for n, seat in enumerate(seats):
        crew = [f"person{n * each + k}" for k in range(each)]
        turns = json.dumps([[key, crew[(k + 1) % each]] for k, key in enumerate(crew)])
        for weekdays, start, end, turn in (
            ("01234", "08:00", "17:00", "day"),
            ("01234", "17:00", "08:00", "week"),
            ("56", "08:00", "08:00", "week"),
        ):
            rows.append(
                Duty(
                    region_id="bench",
                    partner=seat.partner,
                    function=seat.function,
                    weekdays=weekdays,
                    start=start,
                    end=end,
                    turns=turns,
                    turn=turn,
                    first_turn=MONDAY.isoformat(),
                )
            )
        for k in range(10):  # a swap every five weeks
            begin = now + (n + k * 36) * DAY
            rows.append(_swap(seat, crew[k % each], begin))
        for k, key in enumerate(islice(crew, each)):  # a week away each
            begin = now + (n + k * 40) * DAY
            away = {"start_at": begin, "end_at": begin + 7 * DAY}
            rows.append(Absence(region_id="bench", person=key, made_by="x", made_at=now, **away))
    return rows


def _swap(seat: Seat, enters: str, begin: int) -> RosterChange:
    return RosterChange(
        region_id="bench",
        partner=seat.partner,
        function=seat.function,
        start_at=begin,
        end_at=begin + DAY // 2,
        role="primary",
        enters=enters,
        kind="swap",
        made_by="x",
        made_at=begin,
    )
