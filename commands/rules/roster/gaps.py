"""When nobody stands where somebody must."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from commands.rules.roster.course import Stretch, stretches
from commands.rules.roster.rule import DutyRole, Roster, Seat, Why


@dataclass(frozen=True)
class Gap:
    """From `start` to just before `end` nobody stands in this role."""

    seat: Seat
    start: int
    end: int
    role: DutyRole
    why: Why | None = field(default=None, compare=False)  # at its beginning; None: nothing planned


def gaps(
    roster: Roster,
    seats: Iterable[Seat],
    from_ms: int,
    until_ms: int,
    roles: Iterable[DutyRole] = ("primary",),
) -> tuple[Gap, ...]:
    """When nobody stands in these roles, in order of time."""
    roles = tuple(roles)
    found: list[Gap] = []
    for seat in seats:
        course = stretches(roster, seat, from_ms, until_ms)
        for role in roles:
            found.extend(_gaps_in(course, seat, role))
    return tuple(sorted(found, key=lambda gap: gap.start))


def _gaps_in(course: Iterable[Stretch], seat: Seat, role: DutyRole) -> Iterable[Gap]:
    for nobody, run in groupby(course, key=lambda each: each.holder(role) is None):
        if nobody:
            parts = list(run)
            yield Gap(seat, parts[0].start, parts[-1].end, role, parts[0].why(role))
