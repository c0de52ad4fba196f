"""The public holidays that rosters count as Sundays, kept in the database."""

import asyncio
import hashlib
import json
import sys
from datetime import date

from sqlmodel import col, delete

from commands.rules.moments import local
from config import public_holidays
from config.holidays import Holidays
from storage.store import Store
from storage.tables import DoneJob, Holiday

YEARS_AHEAD = 2
_JOB = "holidays"


async def keep_holidays(store: Store, holidays: Holidays, now: int) -> bool:
    """Write down those of last year to `YEARS_AHEAD`, once a year and for every other list of the
    region. False if that was done. `now` is UTC epoch milliseconds.

    Raises `OSError` and `ValueError` if the library cannot be asked.
    """
    year = local(now).year
    wanted = hashlib.sha256(holidays.model_dump_json().encode()).hexdigest()[:12]
    done = (f"{_JOB}:{store.region_id}", f"{year}:{wanted}")
    async with store.view() as unit:
        if await unit.session.get(DoneJob, done) is not None:
            return False
    days = holidays.of(await _ask_library(year - 1, year + YEARS_AHEAD))
    async with store.unit() as unit:
        await unit.session.exec(delete(Holiday).where(col(Holiday.region_id) == unit.region_id))
        unit.session.add_all(
            Holiday(region_id=unit.region_id, day=day.isoformat()) for day in sorted(days)
        )
        await unit.session.exec(delete(DoneJob).where(col(DoneJob.job) == done[0]))
        await unit.session.merge(DoneJob(job=done[0], period=done[1], done_at=unit.now))
        unit.wake("timers")
    return True


async def _ask_library(first: int, last: int) -> dict[date, str]:
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", public_holidays.__file__, str(first), str(last)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await asked.communicate()
    if asked.returncode != 0:
        raise ValueError(f"the library ended with {asked.returncode}")
    return {date.fromisoformat(day): name for day, name in json.loads(said).items()}
