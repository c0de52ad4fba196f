"""Finding a moment for the joint consultation: three slots, one tap each, one per partner.

All moments are milliseconds UTC. Europe/Amsterdam is whole hours from UTC, so a round moment here
is a round time on the wall.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time

from commands.rules.moments import DAY, MINUTE, local


@dataclass(frozen=True)
class SlotTiming:
    """How slots are proposed: how many, how long a consultation lasts, how much time to get
    ready, and (for what is not urgent) between which times on the wall they may begin."""

    count: int = 3
    length_ms: int = 30 * MINUTE
    lead_ms: int = 30 * MINUTE
    day: tuple[time, time] | None = None


# The wider the limit, the friendlier the times. (step on the clock, share of the lead)
_LADDER = (
    (30 * MINUTE, 1),
    (15 * MINUTE, 1),
    (15 * MINUTE, 2),
    (5 * MINUTE, 3),
    (5 * MINUTE, 6),
    (5 * MINUTE, 30),
)


def propose(
    now: int, limit: int, timing: SlotTiming, busy: Iterable[tuple[int, int]] = ()
) -> tuple[int, ...]:
    """Moments to vote for, the first ones that fit, none after `limit`.

    Half hours; quarters and then fives when there is less time, and then with less time to get
    ready. `busy` are other consultations as (begin, end). Fewer than asked when even that does
    not fit; none when the limit has passed: then only "now" is left.
    """
    busy = tuple(busy)
    best: tuple[int, ...] = ()
    for step, share in _LADDER:
        fitting = _free(now + timing.lead_ms // share, limit, step, timing, busy)
        found = tuple(slot for slot, _ in zip(fitting, range(timing.count), strict=False))
        if len(found) == timing.count:
            return found
        best = max(best, found, key=len)
    return best


@dataclass(frozen=True)
class Vote:
    """What one person can do. Nothing at all means "niets past"."""

    slots: frozenset[int] = frozenset()
    now: bool = False


@dataclass(frozen=True)
class Fixed:
    """The consultation is at this moment; `at_once` when all said "now"."""

    at: int
    at_once: bool = False


@dataclass(frozen=True)
class Waiting:
    """These partners have not voted yet."""

    partners: tuple[str, ...]


@dataclass(frozen=True)
class NothingFits:
    """Every partner voted and no slot fits all.

    best: the slot that fits most partners (None when all have passed), without these `missing`
    ones, who need a stand-in. late: the first friendly moment after the limit.
    """

    best: int | None
    missing: tuple[str, ...]
    late: int


Outcome = Fixed | Waiting | NothingFits


def outcome(
    votes: Mapping[str, Vote],
    partners: Mapping[str, str],
    slots: Iterable[int],
    now: int,
    limit: int,
    timing: SlotTiming | None = None,
) -> Outcome:
    """Where the vote stands. `partners`: the partner of every person who takes part.

    The quorum is one voter per partner. As soon as it is there, the consultation is now when
    somebody of every partner can now, else at the earliest slot that fits somebody of each. A slot
    that has begun is gone.
    """
    taking_part = sorted(set(partners.values()))
    known = {person: vote for person, vote in votes.items() if person in partners}

    def absent(can: Iterable[str]) -> tuple[str, ...]:
        there = {partners[person] for person in can}
        return tuple(partner for partner in taking_part if partner not in there)

    missing = absent(known)
    if missing or not taking_part:
        return Waiting(missing)
    if not absent(person for person, vote in known.items() if vote.now):
        return Fixed(now, at_once=True)
    without = {
        slot: absent(person for person, vote in known.items() if slot in vote.slots)
        for slot in sorted(slots)
        if slot > now
    }
    best = min(without, key=lambda slot: (len(without[slot]), slot), default=None)
    if best is not None and not without[best]:
        return Fixed(best)
    late = _after_limit(now, limit, timing or SlotTiming())
    return NothingFits(best, without[best] if best is not None else (), late)


def _free(
    begin: int, limit: int, step: int, timing: SlotTiming, busy: tuple[tuple[int, int], ...]
) -> Iterator[int]:
    """Round moments from `begin` up to and with `limit` that touch nothing else."""
    first = -(-begin // step) * step
    for slot in range(first, limit + 1, step):
        end = slot + timing.length_ms
        if _by_day(slot, timing) and all(end <= start or stop <= slot for start, stop in busy):
            yield slot


def _by_day(slot: int, timing: SlotTiming) -> bool:
    if timing.day is None:
        return True
    opens, closes = timing.day
    return opens <= local(slot).time() <= closes


def _after_limit(now: int, limit: int, timing: SlotTiming) -> int:
    begin = max(limit + 1, now + timing.lead_ms)
    return next(_free(begin, begin + 2 * DAY, 30 * MINUTE, timing, ()), begin)
