"""Every night: what stands in the calendars that regions keep?

Fetched and understood before anybody's turn to write; a slow or hostile server costs ten seconds of
nobody's time.
"""

import asyncio

import structlog

from bot.calendars import Fetched, NotFetched, fetch_calendar
from commands.roster.files.given import Given
from commands.roster.files.parsed import ParsedRoster
from commands.roster.files.read import read_roster
from commands.roster.plan_import import names_of
from commands.roster.subscription import calendar_came, calendar_failed, kept_calendars
from commands.rules.moments import DAY
from commands.world import World
from storage.store import Store
from storage.tables import CalendarSource

log = structlog.get_logger(__name__)

NAME = "agenda.ics"
WEEK_MS = 7 * DAY
MOST_DAYS = 500_000  # of repeating events to look at: some tenths of a second


async def refresh_calendars(store: Store, world: World) -> int:
    """Look at all of them, one after the other; returns how many could be read."""
    async with store.view() as unit:
        kept = await kept_calendars(unit)
        addresses = {row.id: unit.vault.unseal(row.address) for row in kept}
    read = 0
    for row in kept:
        try:
            fetched = await fetch_calendar(addresses[row.id], _known(row, store.now()))
        except NotFetched as trouble:
            await _failed(store, row, trouble.code)
            continue
        read += await _bring_up_to_date(store, world, row, fetched)
    return read


def _known(row: CalendarSource, now: int) -> str | None:
    """Once a week it is read even if it did not change: what repeats reaches thirteen months."""
    return row.etag if row.checked_at is not None and now - row.checked_at < WEEK_MS else None


async def _bring_up_to_date(
    store: Store, world: World, row: CalendarSource, fetched: Fetched
) -> bool:
    if fetched.content is None:
        return True  # as it was
    async with store.view() as unit:
        names = await names_of(unit, world)
        now = unit.now
    given = Given(row.partner, row.function, row.place, most_days=MOST_DAYS, now=now)
    parsed = await asyncio.to_thread(read_roster, NAME, fetched.content, names, given)
    if not isinstance(parsed, ParsedRoster):
        await _failed(store, row, parsed[0].code)
        return False
    async with store.unit() as unit:
        await calendar_came(unit, world, row.id or 0, parsed, fetched.etag)
    return True


async def _failed(store: Store, row: CalendarSource, code: str) -> None:
    log.warning("calendar_not_read", row=row.id, why=code)
    async with store.unit() as unit:
        await calendar_failed(unit, row.id or 0, code)
