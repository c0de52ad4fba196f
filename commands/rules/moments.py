"""Instants and the clock on the wall.

An instant is an int: milliseconds UTC since 1970. People, rosters and deadlines that people type
live on the wall clock of Europe/Amsterdam, also in the two nights a year that it moves.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR  # a length, not a calendar day: those have 23 or 25 hours twice a year

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(ms: int) -> datetime:
    """The wall clock at an instant, with its time zone."""
    return (_EPOCH + timedelta(milliseconds=ms)).astimezone(AMSTERDAM)


def instant(day: date, clock: time) -> int:
    """The first instant at which the wall shows this time of this day, or a later one.

    An hour that comes twice (autumn) is its first passing. A time that the spring night leaves
    out is the moment at which the clock jumps over it.
    """
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    first, other = _reading(wall, fold=0), _reading(wall, fold=1)
    if first <= other:
        return first
    # The wall never shows it: somewhere between the two readings the clock jumps.
    steps = range(other, first + MINUTE, MINUTE)
    return next(step for step in steps if local(step).replace(tzinfo=None) >= wall)


def last_instant(day: date, clock: time) -> int:
    """As `instant`, but an hour that comes twice is its second passing."""
    return max(
        instant(day, clock),
        _reading(datetime.combine(day, clock.replace(tzinfo=None)), fold=1),
    )


def week_of(ms: int) -> tuple[int, int]:
    """ISO year and week of an instant, on the wall clock."""
    calendar = local(ms).isocalendar()
    return calendar.year, calendar.week


def week_bounds(year: int, week: int) -> tuple[int, int]:
    """Monday 00:00 of an ISO week and of the next one: first instant in, first instant out.

    Raises ValueError for a week that this year does not have.
    """
    monday = date.fromisocalendar(year, week, 1)
    return instant(monday, time()), instant(monday + timedelta(days=7), time())


@lru_cache(maxsize=2048)  # rosters ask for the same hours again and again
def _reading(wall: datetime, *, fold: int) -> int:
    moment = wall.replace(fold=fold, tzinfo=AMSTERDAM).astimezone(UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)
