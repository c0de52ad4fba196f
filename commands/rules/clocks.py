"""The clocks of a case. They count from the moment the alarm was received, in UTC."""

from dataclasses import dataclass
from datetime import time, timedelta

from commands.rules.moments import HOUR, instant, local

FRIDAY = 4
NOON = time(12)
NIGHT_ENDS = time(9)


@dataclass(frozen=True)
class Limits:
    """How fast, in milliseconds from receipt; a protocol has one for urgent, one for not."""

    take_ms: int
    consult_ms: int


def take_by(received: int, limits: Limits) -> int:
    """Until when every partner should have taken it."""
    return received + limits.take_ms


def consult_by(received: int, limits: Limits) -> int:
    """Until when the joint consultation should have begun."""
    return received + limits.consult_ms


def is_late_alarm(ms: int) -> bool:
    """An alarm on Friday from noon on: the week-end is ahead [RA]."""
    wall = local(ms)
    return wall.weekday() == FRIDAY and wall.time() >= NOON


def confirm_is_stale(shown_at: int, confirmed_at: int, limit: int) -> bool:
    """Whether a question was answered so long after it was shown that we ask again."""
    return confirmed_at - shown_at > limit


def zsm_decision_by(held_at: int, *, custody_possible: bool = True) -> int:
    """Until when the first ZSM decision about a held suspect is due.

    Nine hours (six where no pre-trial custody is possible), and the hours between midnight and
    nine do not count. Held at 21:30 → 15:30, at 10:00 → 19:00, at 03:00 → 18:00.
    The clock moves inside the hours that do not count, so those nights change nothing.
    """
    left = (9 if custody_possible else 6) * HOUR
    wall = local(held_at)
    begin = max(held_at, instant(wall.date(), NIGHT_ENDS))
    tomorrow = wall.date() + timedelta(days=1)
    midnight = instant(tomorrow, time())
    if begin + left <= midnight:
        return begin + left
    return instant(tomorrow, NIGHT_ENDS) + left - (midnight - begin)
