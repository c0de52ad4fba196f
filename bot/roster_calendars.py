"""What `main.py roster calendars` says: which calendars are read every night; and to stop one."""

from bot.app import world_of
from bot.roster_store import CONSOLE, NOT_READY, READY, RIGHT, Refused, Said, open_store
from commands.messages import At, Message, message
from commands.roster.seats import seat_name
from commands.roster.subscription import forget_calendar, kept_calendars
from commands.rules.roster.rule import Seat
from commands.world import World
from config.load import Configuration
from config.settings import Settings
from storage.tables import CalendarSource


async def calendars(settings: Settings, configuration: Configuration, stop: int | None) -> Said:
    """A line for each, never with its address; or `stop`: the number of one to read no more."""
    world = world_of(configuration)
    try:
        async with open_store(settings, configuration) as store:
            if stop is None:
                async with store.view() as unit:
                    lines = tuple(_line(world, row) for row in await kept_calendars(unit))
                if not lines:
                    return READY, message("cli.roster.no_calendars")
                return READY, Message(lines[0].key, lines[0].params, lines[1:])
            async with store.unit() as unit:
                stopped = await forget_calendar(unit, world, stop, CONSOLE, RIGHT)
            if not stopped:
                return NOT_READY, message("cli.roster.calendar_unknown", number=stop)
            return READY, message("cli.roster.calendar_stopped", number=stop)
    except Refused as refused:
        return refused.said


def _line(world: World, row: CalendarSource) -> Message:
    name = seat_name(world, Seat(row.partner, row.function, row.place))
    state = message("cli.roster.calendar_fine", when=At(row.checked_at or 0))
    if row.trouble is not None:
        state = message("cli.roster.calendar_trouble", why=row.trouble)
    return message("cli.roster.calendar", number=row.id or 0, name=name, state=state)
