"""Public holidays are Sundays for the roster, and the region has the last word."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from sqlmodel import select

from bot.holidays import keep_holidays
from commands.roster.load import roster_of
from commands.rules.moments import DAY
from config.holidays import HolidayName, Holidays
from config.public_holidays import public_holidays
from storage.tables import Holiday
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
        desk.nothing_unexpected()


async def kept(desk: Desk) -> set[str]:
    async with desk.store.view() as unit:
        return set(await unit.session.exec(select(Holiday.day)))


def test_the_names_that_a_region_may_leave_out_are_those_of_the_library() -> None:
    found = {
        name for names in public_holidays(range(2026, 2041)).values() for name in names.split("; ")
    }
    assert found == set(get_args(HolidayName))


def test_of_two_holidays_on_one_day_both_must_be_ordinary() -> None:
    day = {date(2035, 5, 5): "Bevrijdingsdag; Hemelvaartsdag"}
    assert Holidays(without=("Bevrijdingsdag",)).of(day) == set(day)
    assert Holidays(without=("Bevrijdingsdag", "Hemelvaartsdag")).of(day) == frozenset()


async def test_holidays_of_four_years_are_kept_once(desk: Desk) -> None:
    assert await keep_holidays(desk.store, Holidays(), desk.now)
    days = await kept(desk)
    assert {"2025-12-25", "2026-04-27", "2028-12-26"} <= days
    assert not await keep_holidays(desk.store, Holidays(), desk.now)
    assert await kept(desk) == days


async def test_the_region_adds_and_leaves_out_and_may_think_better_of_it(desk: Desk) -> None:
    own = Holidays(also=(date(2026, 7, 10),), without=("Goede vrijdag",))
    for wanted in (own, Holidays(), own):
        assert await keep_holidays(desk.store, wanted, desk.now)
        days = await kept(desk)
        assert ("2026-07-10" in days) is (wanted is own)
        assert ("2026-04-03" in days) is (wanted is not own)


async def test_the_roster_knows_them(desk: Desk) -> None:
    await keep_holidays(desk.store, Holidays(also=(date(2026, 7, 11),)), desk.now)
    async with desk.store.view() as unit:
        assert (await roster_of(unit)).holidays == {date(2026, 7, 11)}
        assert (await roster_of(unit, since=desk.now + 3 * DAY)).holidays == frozenset()
