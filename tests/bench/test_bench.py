"""The bench itself works: every figure is produced. No time is asserted here or anywhere."""

import dataclasses

import pytest

from tests.bench.country.course import CountrySize
from tests.bench.course import COUNTRY, REGION, ROSTER, Size, run
from tests.bench.figure import Ratio, Samples
from tests.bench.rosters import RosterSize
from tests.bench.table import compared, render, tail
from tests.bench.telegram.course import TelegramSize

TELEGRAM = TelegramSize(alarms=2, held=1, bulk=1, group=1, bursts=1)
COUNTRY_SIZE = CountrySize(
    regions=2,
    cases=40,
    pending=20,
    spread=5,
    escalations=4,
    at_once=10,
    alarms=2,
    bursts=1,
    overdue=2,
    restarts=1,
    kills=1,
    audited=40,
    looks=1,
)
SMALL = Size(
    alarms=2,
    replies=2,
    messages=20,
    writes=5,
    starts=1,
    melders=2,
    telegram=TELEGRAM,
    country=COUNTRY_SIZE,
    roster=RosterSize(partners=2, functions=3, people=9, years=2, asked=4),
)


async def test_every_figure_is_produced() -> None:
    said: list[str] = []
    lines = await run(SMALL, said.append, (REGION,))
    table = render(lines)
    print(table)
    by_telegram = [2, 2, 1, 1, 1, 1, 1, 1]
    assert [line.count for line in lines] == [2, 2, 2, 2, *by_telegram, 20, 20, 1, 1, 1, 1]
    assert sum(line.missed is not None for line in lines) == 9, "each bar of the issues is held"
    assert len(said) == 9


async def test_every_figure_of_the_roster_is_produced() -> None:
    said: list[str] = []
    lines = await run(SMALL, said.append, (ROSTER,))
    print(render(lines))
    assert [line.count for line in lines] == [2, 2, 4, 4]
    assert sum(line.missed is not None for line in lines) == 2, "each bar of the issue is held"


async def test_every_figure_of_the_country_is_produced() -> None:
    said: list[str] = []
    lines = await run(SMALL, said.append, (COUNTRY,))
    print(render(lines))
    assert [line.count for line in lines[:-10]] == [*[5, 10, 4] * 2, *[1] * 11]
    assert sum(line.missed is not None for line in lines) == 15, "each bar of the issue is held"
    assert len(said) == 6


def test_a_ratio_is_taken_between_neighbours() -> None:
    ratio = Ratio(Samples((10.0, 40.0, 30.0)), Samples((10.0, 20.0, 10.0)))
    assert ratio.of_pairs.values == (1.0, 2.0, 3.0)
    assert (ratio.median, ratio.of_medians) == (2.0, 3.0)


def test_neighbours_need_as_many_samples_on_both_sides() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Ratio(Samples((1.0, 2.0)), Samples((1.0,))).of_pairs  # noqa: B018


def test_ranks_are_samples_that_were_taken() -> None:
    hundred = Samples(tuple(float(number) for number in range(1, 101)))
    assert [hundred.rank(percent) for percent in (10, 50, 99, 100)] == [10, 50, 99, 100]
    assert Samples((7.0,)).rank(99) == 7


def test_a_missed_bar_is_seen() -> None:
    slow = compared("slow", Ratio(Samples((3.0,)), Samples((1.0,))), 1.5)
    quick = dataclasses.replace(slow, name="quick", missed=False)
    table = render([slow, quick, tail("tail", Samples((60.0,)), Samples((1.0,)), 50)])
    _, first, second, third = table.splitlines()
    assert "MISSED" in first
    assert "MISSED" not in second
    assert "MISSED" in third
