"""When to warn of a gap: once when it is seen, and again as it comes nearer. Only the future."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from commands.rules.moments import DAY, HOUR, instant, local
from commands.rules.roster.gaps import Gap

LOOK_AHEAD = 14 * DAY
# How near a gap is when it is told again (conversation.md section 4); the first is the sight.
NEARER = (3 * DAY, 1 * DAY, 2 * HOUR)
LAST_STAGE = len(NEARER)
MORNING = time(9)


@dataclass(frozen=True)
class Known:
    """A gap that was told: `number` is its own, `stage` how near it was then."""

    number: int
    gap: Gap
    stage: int


@dataclass(frozen=True)
class Told:
    """What there is to tell now. A gap that only becomes longer or shorter is the same gap."""

    new: tuple[tuple[Gap, int], ...]
    nearer: tuple[tuple[Known, Gap, int], ...]  # what was known, as it is now, how near
    same: tuple[tuple[Known, Gap], ...]
    mended: tuple[Known, ...]


def stage(gap: Gap, now: int) -> int:
    """0 within fourteen days, 1 within three, 2 within one, 3 within two hours or begun."""
    return sum(gap.start - now <= limit for limit in NEARER)


def compare(known: Iterable[Known], found: Sequence[Gap], now: int) -> Told:
    """What is new, nearer, mended. What is over is not mended, it is past: it is told as mended
    to nobody, for there is nothing left to do."""
    new: list[tuple[Gap, int]] = []
    nearer: list[tuple[Known, Gap, int]] = []
    same: list[tuple[Known, Gap]] = []
    left = [each for each in known if each.gap.end > now]
    for gap in found:
        match = next((each for each in left if _is_same(each.gap, gap)), None)
        near = stage(gap, now)
        if match is None:
            new.append((gap, near))
            continue
        left.remove(match)
        if near > match.stage:
            nearer.append((match, gap, near))
        else:
            same.append((match, gap))
    return Told(tuple(new), tuple(nearer), tuple(same), tuple(left))


def look_again_at(found: Iterable[Gap], now: int) -> int:
    """When the next gap comes nearer, at the latest tomorrow morning at nine."""
    edges = [gap.start - limit for gap in found for limit in NEARER if gap.start - limit > now]
    return min([*edges, next_morning(now)])


def next_morning(now: int) -> int:
    """Nine o'clock on the wall, today if that is still to come."""
    today = local(now).date()
    at_nine = instant(today, MORNING)
    return at_nine if at_nine > now else instant(today + timedelta(days=1), MORNING)


def _is_same(known: Gap, found: Gap) -> bool:
    return (
        (known.seat, known.role) == (found.seat, found.role)
        and known.start < found.end
        and found.start < known.end
    )
