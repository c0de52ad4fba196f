"""A moment as a program or an operator writes it: `2026-11-27`, `2026-11-27 15:40`, `nu`."""

from datetime import date, datetime, time

from commands.rules.moments import instant

_NOW = ("now", "nu")


def read_moment(text: str, now: int) -> int | None:
    """UTC epoch milliseconds. Without an offset it is the clock on the wall; a day alone begins at
    midnight. None: it is none."""
    plain = text.strip()
    if plain.casefold() in _NOW:
        return now
    try:
        if len(plain) <= len("2026-11-27"):
            return instant(date.fromisoformat(plain), time())
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return int(moment.timestamp() * 1000)
    return instant(moment.date(), moment.time())
