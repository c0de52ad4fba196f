"""What `main.py roster export` and `template` do: a roster as a file that imports again."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path

from bot.app import world_of
from bot.roster_store import (
    CONSOLE,
    READY,
    RIGHT,
    WRONG,
    Refused,
    Said,
    open_store,
    partners_meant,
    write_new,
)
from commands.messages import message
from commands.roster.files.calendar_written import calendar_of
from commands.roster.files.names import Names
from commands.roster.files.template import template
from commands.roster.files.workbook import csv_of, workbook_of
from commands.roster.files.written import table_of
from commands.roster.load import roster_of
from commands.roster.plan_import import every_planned, names_of
from commands.rules.moments import DAY, instant, local
from commands.rules.roster.rule import Roster, Seat
from config.load import Configuration
from config.region import Region
from config.settings import Settings
from storage.access_log import note
from storage.store import Unit

FORMATS = ("csv", "xlsx", "ics")
_CALENDAR_DAYS = 90  # of a calendar, if nobody says until when


async def export_roster(
    settings: Settings,
    configuration: Configuration,
    file: Path,
    partner: str | None,
    form: str | None,
    days: tuple[date | None, date | None],
) -> Said:
    """A table with all rules and the planned shifts of these days (none given: from today on), or
    a calendar of who stands where. No file is ever replaced."""
    try:
        form = form or file.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            raise Refused(WRONG, message("cli.roster.format", choices=", ".join(FORMATS)))
        async with open_store(settings, configuration) as store, store.unit() as unit:
            names = await names_of(unit, world_of(configuration))
            keys = partners_meant(names, partner)
            content = await _exported(unit, configuration.region, names, keys, form, days)
            for key in keys:
                await note(unit, CONSOLE, "read", "roster", right=RIGHT, on_behalf=key)
            write_new(file, content)
        return READY, message("cli.roster.written", path=str(file))
    except Refused as refused:
        return refused.said


async def _exported(
    unit: Unit,
    region: Region,
    names: Names,
    partners: Sequence[str],
    form: str,
    days: tuple[date | None, date | None],
) -> bytes:
    first = days[0] or local(unit.now).date()
    since = instant(first, time())
    last = days[1] or first + timedelta(days=_CALENDAR_DAYS)
    if form == "ics":
        until = max(instant(last + timedelta(days=1), time()), since + DAY)
        roster = await roster_of(unit, partners, since=since, span_ms=until - since)
        seats = _seats(roster, region, partners)
        return calendar_of(names, roster, seats, since, until, region.language, unit.now)
    roster = await roster_of(unit, partners)
    planned = [
        each
        for each in (await every_planned(unit, partners, since=since)).values()
        if days[1] is None or local(each.start).date() <= days[1]
    ]
    table = table_of(names, roster.rules, planned, region.language)
    return csv_of(table) if form == "csv" else workbook_of(table)


def _seats(roster: Roster, region: Region, partners: Sequence[str]) -> list[Seat]:
    """Every seat in which anybody ever stands."""
    named = {rule.seat for rule in roster.rules} | {change.seat for change in roster.changes}
    return [
        seat
        for key in partners
        for function in region.partner(key).functions
        for seat in roster.seats_of(key, function.key)
        if seat in named
    ]


async def write_template(
    settings: Settings, configuration: Configuration, file: Path, partner: str | None
) -> Said:
    """The file to begin with, in the region's own words."""
    try:
        ending = file.suffix.lower()
        if ending not in (".csv", ".xlsx"):
            raise Refused(WRONG, message("cli.roster.format", choices="csv, xlsx"))
        async with open_store(settings, configuration) as store, store.view() as unit:
            names = await names_of(unit, world_of(configuration))
            one = partners_meant(names, partner)[0] if partner else None
            today = local(unit.now).date()
            write_new(file, template(names, configuration.region.language, today, ending, one))
        return READY, message("cli.roster.written", path=str(file))
    except Refused as refused:
        return refused.said
