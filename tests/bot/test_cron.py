"""The calendar's jobs run at the start too, for what was missed; also when one of them fails."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.cron import Cron
from commands.rules.moments import DAY
from storage.tables import DoneJob, TimerRow
from tests.bot.scene import refuse
from tests.bot.scripted import until
from tests.commands.harness import Desk
from tests.commands.morning import open_desk


class DeskClock:
    """The desk's time; the jobs never wait."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def now(self) -> int:
        return self._desk.now

    def from_wall(self, at: int) -> int:
        return at

    async def wait(self, *_: object) -> None:
        raise AssertionError("a job of the calendar waits for nobody")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk


async def done_timers(desk: Desk) -> int:
    async with desk.store.view() as unit:
        return len(
            (await unit.session.exec(select(TimerRow).where(TimerRow.state == "done"))).all()
        )


async def cleaned_for(desk: Desk) -> list[str]:
    async with desk.store.view() as unit:
        jobs = await unit.session.exec(select(DoneJob.period).where(DoneJob.job == "cleaning"))
        return list(jobs.all())


async def test_the_start_cleans_what_a_month_left(desk: Desk) -> None:
    assert await done_timers(desk) > 0
    desk.time[0] += 31 * DAY
    cron = Cron(desk.store, desk.world, DeskClock(desk))
    await cron.start()

    async def done() -> bool:
        return await cleaned_for(desk) == ["2026-08-10"]

    await until(done)
    await cron.stop()
    assert await done_timers(desk) == 0


async def test_a_database_that_refuses_does_not_stop_the_program(desk: Desk) -> None:
    await refuse(desk, "kept", "BEFORE DELETE ON timer")
    desk.time[0] += 31 * DAY
    cron = Cron(desk.store, desk.world, DeskClock(desk))
    await cron.clean()
    assert await cleaned_for(desk) == [], "it is tried again"
