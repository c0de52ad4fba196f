"""What `main.py roster import` does: show what a file changes, and change it after a yes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from bot.app import world_of
from bot.roster_store import (
    CONSOLE,
    NOT_READY,
    READY,
    RIGHT,
    WRONG,
    Refused,
    Said,
    open_store,
    partners_meant,
    unknown,
)
from commands.messages import Message, message
from commands.roster.change import whole_roster_changed
from commands.roster.files.given import Given
from commands.roster.files.names import Names, Unclear
from commands.roster.files.parsed import ParsedRoster
from commands.roster.files.problem import problems_told
from commands.roster.files.read import MOST_BYTES, read_roster
from commands.roster.plan_import import FILE, Plan, carry_out, names_of, plan_import
from commands.roster.preview import done, preview
from commands.roster.subscription import keep_calendar, next_source
from commands.world import World
from config.load import Configuration
from config.settings import Settings
from storage.store import Store

_ADDRESSES = ("https://", "http://")


@dataclass(frozen=True)
class About:
    """What the options name, not yet looked up."""

    partner: str | None = None
    function: str | None = None
    place: str | None = None
    subscribe: bool = False  # the calendar is looked at every night from now on


async def import_roster(
    settings: Settings,
    configuration: Configuration,
    file: str,
    about: About,
    agreed: Callable[[Message], bool],
    *,
    dry_run: bool,
) -> Said:
    """`file`: where it is, or the https address of a calendar. `agreed` shows what would change
    and asks; it is asked again if that changed meanwhile."""
    try:
        if about.subscribe and not (
            file.startswith(_ADDRESSES) and about.partner and about.function
        ):
            raise Refused(WRONG, message("cli.roster.subscribe_what"))
        name, content = await _content(file)
        async with open_store(settings, configuration) as store:
            world = world_of(configuration)
            async with store.view() as unit:
                names = await names_of(unit, world)
                given = _given(names, about, PurePath(name).stem, unit.now)
                parsed = read_roster(name, content, names, given)
                if not isinstance(parsed, ParsedRoster):
                    raise Refused(WRONG, problems_told(parsed))
                source = await next_source(unit) if about.subscribe else FILE
                plan = await plan_import(unit, world, parsed, source)
            kept = (file, given) if about.subscribe else None
            return await _agree(store, world, plan, agreed, kept, dry_run=dry_run)
    except Refused as refused:
        return refused.said


async def _agree(
    store: Store,
    world: World,
    plan: Plan,
    agreed: Callable[[Message], bool],
    subscribe: tuple[str, Given] | None,
    *,
    dry_run: bool,
) -> Said:
    """`subscribe`: the address of a calendar that is to be kept, and about whom it is."""
    while True:
        shown = preview(world, plan)
        if dry_run or (plan.change.changes_nothing and subscribe is None):
            return READY, shown
        if not agreed(shown):
            return NOT_READY, message("cli.roster.not_done")
        async with store.unit() as unit:
            source = await next_source(unit) if subscribe else FILE
            now = await plan_import(unit, world, plan.parsed, source)
            if now.mark == plan.mark:
                if subscribe is not None:
                    await keep_calendar(unit, *subscribe)
                await carry_out(unit, now, CONSOLE, right=RIGHT, source=source)
                for partner in now.parsed.partners:
                    await whole_roster_changed(unit, world, partner)
                return READY, done(world, now)
        plan = now


def _given(names: Names, about: About, hint: str, now: int) -> Given:
    partner = partners_meant(names, about.partner)[0] if about.partner else None
    function: str | Unclear | None = None
    if about.function is not None:
        if partner is None:
            raise Refused(WRONG, message("cli.roster.which_partner"))
        function = names.function(partner, about.function)
    place = names.place(about.place) if about.place is not None else None
    for found in (function, place):
        if isinstance(found, Unclear):
            raise Refused(WRONG, unknown(found))
    return Given(
        partner,
        function if isinstance(function, str) else None,
        place if isinstance(place, str) else None,
        hint=hint,
        now=now,
    )


async def _content(file: str) -> tuple[str, bytes]:
    """Its name and what is in it: at most a little more than may be read, whatever its size."""
    if file.startswith(_ADDRESSES):
        from bot.calendars import NotFetched, fetch_calendar

        try:
            fetched = await fetch_calendar(file)
        except NotFetched as trouble:
            raise Refused(WRONG, Message(f"import.problem.{trouble.code}")) from None
        return "agenda.ics", fetched.content or b""
    return Path(file).name, _read(Path(file))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        raise Refused(WRONG, message("cli.roster.unreadable", reason=reason)) from None
