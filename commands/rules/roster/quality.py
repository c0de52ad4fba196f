"""How good a roster is, from 0 to 100, and why: what somebody would point at on a wall chart.

Points are lost for time without anybody (up to 60), time without a backup (up to 20), people who
have too much (up to 10) and people who are planned twice at once (up to 10). The weights are our
own: a gap costs a child the most.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from commands.rules.moments import DAY, HOUR
from commands.rules.roster.course import stretches
from commands.rules.roster.rule import DutyRole, Roster, Seat

# More than this on duty in seven days, or without a break of eight hours, is too much. Working
# time law counts piket differently per contract, so these are defaults of our own.
MOST_IN_WEEK = 96 * HOUR
MOST_AT_ONCE = 48 * HOUR
BREAK = 8 * HOUR

Finding = Literal["gap", "no_backup", "too_much", "too_long", "twice"]
_COSTS: dict[Finding, int] = {"gap": 60, "no_backup": 20, "too_much": 5, "too_long": 5, "twice": 10}


@dataclass(frozen=True)
class Reason:
    """What costs points. `count` is stretches for time, people for people."""

    finding: Finding
    count: int
    hours: int = 0


@dataclass(frozen=True)
class Quality:
    """`points` of 100, and what the others were lost for, the most expensive first."""

    points: int
    reasons: tuple[Reason, ...]


def quality(roster: Roster, seats: Sequence[Seat], from_ms: int, until_ms: int) -> Quality:
    """Of these seats together, in this time (milliseconds UTC)."""
    whole = max(1, (until_ms - from_ms) * len(seats))
    empty: dict[DutyRole, list[int]] = {"primary": [], "backup": []}
    own: dict[str, list[tuple[int, int]]] = defaultdict(list)
    first: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for seat in seats:
        for stretch in stretches(roster, seat, from_ms, until_ms):
            if stretch.primary is None:
                empty["primary"].append(stretch.end - stretch.start)
            else:
                first[stretch.primary].append((stretch.start, stretch.end))
                own[stretch.primary].append((stretch.start, stretch.end))
                if stretch.backup is None:
                    empty["backup"].append(stretch.end - stretch.start)
            if stretch.backup is not None:
                own[stretch.backup].append((stretch.start, stretch.end))
    reasons = [
        _time("gap", empty["primary"]),
        _time("no_backup", empty["backup"]),
        Reason("too_much", sum(_too_much(spans) for spans in first.values())),
        Reason("too_long", sum(_too_long(spans) for spans in first.values())),
        Reason("twice", sum(_twice(spans) for spans in own.values())),
    ]
    lost = sum(_lost(reason, empty, whole) for reason in reasons)
    found = tuple(reason for reason in reasons if reason.count)
    return Quality(max(0, round(100 - lost)), found)


def _time(finding: Finding, lengths: Sequence[int]) -> Reason:
    return Reason(finding, len(lengths), -(-sum(lengths) // HOUR))


def _lost(reason: Reason, empty: dict[DutyRole, list[int]], whole: int) -> float:
    """Time costs its share of the whole, and never nothing; a person costs a fifth."""
    if not reason.count:
        return 0
    most = _COSTS[reason.finding]
    if reason.finding in ("gap", "no_backup"):
        share = sum(empty["primary" if reason.finding == "gap" else "backup"]) / whole
        return max(1, most * min(1, 2 * share))
    return min(most, reason.count * most / 5)


def _too_much(spans: Iterable[tuple[int, int]]) -> bool:
    joined = _joined(spans, 0)
    return any(
        sum(max(0, min(end, begin + 7 * DAY) - max(start, begin)) for start, end in joined)
        > MOST_IN_WEEK
        for begin, _ in joined
    )


def _too_long(spans: Iterable[tuple[int, int]]) -> bool:
    return any(end - start > MOST_AT_ONCE for start, end in _joined(spans, BREAK))


def _twice(spans: Iterable[tuple[int, int]]) -> bool:
    return any(other[0] < one[1] for one, other in pairwise(sorted(spans)))


def _joined(spans: Iterable[tuple[int, int]], pause: int) -> list[tuple[int, int]]:
    """Spans with less than a pause between them are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start - found[-1][1] < max(pause, 1):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
