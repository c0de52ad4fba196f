"""Wall-clock moments in Amsterdam as instants."""

from datetime import datetime
from zoneinfo import ZoneInfo


def amsterdam(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    """UTC epoch milliseconds of a moment on the wall."""
    wall = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Amsterdam"))
    return int(wall.timestamp() * 1000)
