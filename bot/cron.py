"""Jobs of the calendar. APScheduler with its memory store is only the alarm clock here:

every job is idempotent on (job, period) in the database, because the scheduler forgets
everything when the process dies and fires a 02:30 job twice in the autumn night (measured).
"""

import asyncio

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.clock import Clock
from bot.holidays import keep_holidays
from bot.subscriptions import refresh_calendars
from commands.roster.shift_start import keep_checking
from commands.roster.watch import keep_watching
from commands.rules.moments import AMSTERDAM, local
from commands.staff.daily import HOURS, staff_job
from commands.weekly_digest import digest_job
from commands.world import World
from storage.cleaning import clean_once
from storage.store import Store

log = structlog.get_logger(__name__)

QUIET_HOUR = 4  # few alarms, and the clock never jumps over it


class Cron:
    """Rings the jobs; also once at start, for what was missed while we were away."""

    def __init__(self, store: Store, world: World, clock: Clock) -> None:
        self._store = store
        self._world = world
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=AMSTERDAM)

    async def start(self) -> None:
        """Set the alarm clock and catch up."""
        digest = self._world.region.digest
        hour, _, minute = digest.time.partition(":")
        self._scheduler.add_job(
            self.send_digest,
            CronTrigger(
                day_of_week=digest.weekday, hour=int(hour), minute=int(minute), timezone=AMSTERDAM
            ),
            misfire_grace_time=None,
            coalesce=True,
        )
        for job, past in ((self.clean, 10), (self.keep_holidays, 20), (self.watch_roster, 30)):
            self._scheduler.add_job(
                job,
                CronTrigger(hour=QUIET_HOUR, minute=past, timezone=AMSTERDAM),
                misfire_grace_time=None,
                coalesce=True,
            )
            self._scheduler.add_job(job, misfire_grace_time=None)  # now, beside the start
        self._scheduler.add_job(
            self.refresh_calendars,
            CronTrigger(hour=QUIET_HOUR, minute=40, timezone=AMSTERDAM),
            misfire_grace_time=None,
            coalesce=True,
        )
        # Not at a start: whoever is due today is due tomorrow as well.
        self._scheduler.add_job(
            self.look_after_people,
            CronTrigger(hour=HOURS[0], minute=5, timezone=AMSTERDAM),
            misfire_grace_time=None,
            coalesce=True,
        )
        self._scheduler.start()
        await self.send_digest()

    async def send_digest(self) -> None:
        """Last week's digest, if its moment has come and it was not sent yet."""
        try:
            async with self._store.unit() as unit:
                await digest_job(unit, self._world, self._clock.now())
        except Exception as error:
            log.exception("digest_failed", error_type=type(error).__name__)

    async def look_after_people(self) -> None:
        """Today's questions about who still belongs and who must test, once."""
        try:
            async with self._store.unit() as unit:
                await staff_job(unit, self._world)
        except Exception as error:
            log.exception("people_failed", error_type=type(error).__name__)

    async def clean(self) -> None:
        """Today's cleaning of rows that have long been over, if it was not done yet."""
        try:
            await clean_once(self._store, local(self._clock.now()).date().isoformat())
        except Exception as error:
            log.exception("cleaning_failed", error_type=type(error).__name__)

    async def keep_holidays(self) -> None:
        """The public holidays of the coming years, if they are not known yet."""
        try:
            await keep_holidays(self._store, self._world.region.holidays, self._clock.now())
        except Exception as error:
            log.exception("holidays_failed", error_type=type(error).__name__)

    async def refresh_calendars(self) -> None:
        """What stands in the calendars that the region keeps."""
        try:
            await refresh_calendars(self._store, self._world)
        except Exception as error:
            log.exception("calendars_failed", error_type=type(error).__name__)

    async def watch_roster(self) -> None:
        """The look at the coming fourteen days has a clock."""
        try:
            async with self._store.unit() as unit:
                await keep_watching(unit)
                await keep_checking(unit)
        except Exception as error:
            log.exception("watch_failed", error_type=type(error).__name__)

    async def stop(self) -> None:
        """Stop ringing."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)
