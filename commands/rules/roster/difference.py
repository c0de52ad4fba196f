"""What people would notice of another roster: shifts that change, gaps that open and close."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from commands.rules.roster.course import Stretch, stretches
from commands.rules.roster.gaps import Gap
from commands.rules.roster.rule import Roster, Seat


@dataclass(frozen=True)
class Difference:
    """In one stretch of time."""

    shifts: int  # how many stretches have other people in them than before
    opened: tuple[Gap, ...]  # nobody primary, where somebody was
    closed: tuple[Gap, ...]


@dataclass(frozen=True)
class _Part:
    start: int
    end: int
    before: Stretch
    after: Stretch


def difference(
    before: Roster, after: Roster, seats: Iterable[Seat], from_ms: int, until_ms: int
) -> Difference:
    """What is otherwise `after` than `before` in these seats."""
    shifts = 0
    opened: list[Gap] = []
    closed: list[Gap] = []
    for seat in seats:
        parts = list(_parts(before, after, seat, from_ms, until_ms))
        shifts += len({part.after.start for part in parts if part.before != _like(part)})
        opened += _gaps(seat, parts, opening=True)
        closed += _gaps(seat, parts, opening=False)
    by_time = sorted(opened, key=lambda gap: gap.start), sorted(closed, key=lambda gap: gap.start)
    return Difference(shifts, tuple(by_time[0]), tuple(by_time[1]))


def _like(part: _Part) -> Stretch:
    """The same people at the earlier times, to compare only who stands there."""
    return Stretch(part.before.start, part.before.end, part.after.primary, part.after.backup)


def _parts(
    before: Roster, after: Roster, seat: Seat, from_ms: int, until_ms: int
) -> Iterator[_Part]:
    old = stretches(before, seat, from_ms, until_ms)
    new = stretches(after, seat, from_ms, until_ms)
    i = j = 0
    start = from_ms
    while start < until_ms:
        end = min(old[i].end, new[j].end)
        yield _Part(start, end, old[i], new[j])
        i, j = i + (old[i].end == end), j + (new[j].end == end)
        start = end


def _gaps(seat: Seat, parts: Iterable[_Part], *, opening: bool) -> Iterator[Gap]:
    def nobody_any_more(part: _Part) -> bool:
        had, has = part.before.primary is not None, part.after.primary is not None
        return had and not has if opening else has and not had

    for found, run in groupby(parts, key=nobody_any_more):
        if found:
            run_parts = list(run)
            yield Gap(seat, run_parts[0].start, run_parts[-1].end, "primary")
