"""Who is on duty: from a roster to stretches of time in which the same people stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from typing import TypeVar

from commands.rules.moments import DAY
from commands.rules.roster.rule import Absence, Change, DutyRole, Pair, Roster, Seat, Why
from commands.rules.roster.shifts import Shift, shifts

LOOK_AHEAD = 8 * DAY  # a weekly table has come round once
NOBODY_PLANNED: Why | None = None

T = TypeVar("T")


@dataclass(frozen=True)
class OnDuty:
    """Who is on duty, and the instant at which that changes (None: not within eight days)."""

    primary: str | None
    backup: str | None
    until_ms: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to just before `end` the same people are on duty.

    The reasons are those of its beginning, unless the stretches were asked for with reasons.
    """

    start: int
    end: int
    primary: str | None
    backup: str | None
    primary_why: Why | None = field(default=NOBODY_PLANNED, compare=False)
    backup_why: Why | None = field(default=NOBODY_PLANNED, compare=False)

    def holder(self, role: DutyRole) -> str | None:
        """Who stands in this role."""
        return self.primary if role == "primary" else self.backup

    def why(self, role: DutyRole) -> Why | None:
        """What put them there, or keeps somebody away; None: nothing was planned."""
        return self.primary_why if role == "primary" else self.backup_why


def on_duty(roster: Roster, seat: Seat, now: int) -> OnDuty:
    """Who has this duty now."""
    horizon = now + LOOK_AHEAD
    first = stretches(roster, seat, now, horizon)[0]
    until = first.end if first.end < horizon else None
    return OnDuty(first.primary, first.backup, until)


def stretches(
    roster: Roster, seat: Seat, from_ms: int, until_ms: int, *, reasons: bool = False
) -> tuple[Stretch, ...]:
    """The course of one duty: stretches without holes between them. Neighbours always differ: in
    who stands there, with `reasons` in what put them there too."""
    planned = [
        shift
        for rule in roster.rules_for(seat)
        for shift in shifts(rule, from_ms, until_ms, roster.holidays)
    ]
    changes = [
        change
        for change in roster.changes_for(seat)
        if change.start < until_ms and change.end > from_ms
    ]
    absences = [
        each
        for each in roster.absences_of(_named(planned, changes))
        if each.start < until_ms and (each.end is None or each.end > from_ms)
    ]
    edges = _edges(planned, changes, absences, from_ms, until_ms)
    starts = edges[:-1]
    plan = _winning(planned, starts)
    changed = _running(changes, starts, lambda change: (change.start, change.end))
    away = _running(absences, starts, lambda it: (it.start, until_ms if it.end is None else it.end))
    course: list[Stretch] = []
    for (start, end), shift, upon, gone in zip(pairwise(edges), plan, changed, away, strict=True):
        standing = _standing(shift, upon, {each.person for each in gone}, roster.reachable)
        stretch = Stretch(start, end, *standing)
        if course and _continues(course[-1], stretch, reasons=reasons):
            before = course.pop()
            stretch = Stretch(
                before.start,
                end,
                before.primary,
                before.backup,
                before.primary_why,
                before.backup_why,
            )
        course.append(stretch)
    return tuple(course)


def _continues(before: Stretch, after: Stretch, *, reasons: bool) -> bool:
    if (before.primary, before.backup) != (after.primary, after.backup):
        return False
    whys = (before.primary_why, before.backup_why) == (after.primary_why, after.backup_why)
    return whys or not reasons


def _named(planned: Iterable[Shift], changes: Iterable[Change]) -> set[str]:
    pairs = {id(shift.pair): shift.pair for shift in planned}.values()
    named = {key for pair in pairs for key in (pair.primary, pair.backup)}
    named |= {change.enters for change in changes}
    return {key for key in named if key is not None}


def _edges(
    planned: Sequence[Shift],
    changes: Sequence[Change],
    absences: Sequence[Absence],
    from_ms: int,
    until_ms: int,
) -> list[int]:
    edges = {edge for shift in planned for edge in (shift.start, shift.end)}
    edges |= {edge for change in changes for edge in (change.start, change.end)}
    edges |= {edge for each in absences for edge in (each.start, each.end) if edge is not None}
    return [from_ms, *sorted(edge for edge in edges if from_ms < edge < until_ms), until_ms]


def _winning(planned: Iterable[Shift], moments: Iterable[int]) -> Iterator[Shift | None]:
    """At each of these moments, which are in order, the shift that counts."""
    coming = sorted(planned, key=lambda shift: shift.start, reverse=True)
    running: list[tuple[tuple[bool, bool, int, int], int, Shift]] = []
    for moment in moments:
        while coming and coming[-1].start <= moment:
            shift = coming.pop()
            heappush(running, (shift.order, len(coming), shift))
        while running and running[0][2].end <= moment:
            heappop(running)
        yield running[0][2] if running else None


def _running(
    spans: Sequence[T], moments: Iterable[int], times: Callable[[T], tuple[int, int]]
) -> Iterator[list[T]]:
    """At each of these moments, which are in order, the spans that run; in their own order."""
    turning = sorted({edge for span in spans for edge in times(span)}, reverse=True)
    now: list[T] = []
    for moment in moments:
        if turning and turning[-1] <= moment:
            while turning and turning[-1] <= moment:
                turning.pop()
            now = [span for span in spans if times(span)[0] <= moment < times(span)[1]]
        yield now


_Standing = tuple[str | None, str | None, Why | None, Why | None]


def _standing(
    shift: Shift | None, changes: Sequence[Change], away: set[str], reachable: frozenset[str] | None
) -> _Standing:
    pair = shift.pair if shift else Pair(None)
    who: dict[DutyRole, str | None] = {"primary": pair.primary, "backup": pair.backup}
    why: dict[DutyRole, Why | None] = {"primary": None, "backup": None}
    if shift is not None:
        planned = Why("temporary" if shift.rule.temporary else "rule", shift.rule.id)
        why = {"primary": planned, "backup": planned}
    for change in changes:
        for role in who:
            if change.role in (None, role) and change.leaves in (None, who[role]):
                why[role] = Why(change.kind, change.id, who[role])
                who[role] = change.enters
    for role, person in who.items():
        if person in away:
            who[role], why[role] = None, Why("absent", person=person)
        elif person is not None and reachable is not None and person not in reachable:
            who[role], why[role] = None, Why("unreachable", person=person)
    if who["primary"] is not None and who["primary"] == who["backup"]:
        who["backup"] = None  # one is none: nobody is their own backup [MAR]
    return who["primary"], who["backup"], why["primary"], why["backup"]
