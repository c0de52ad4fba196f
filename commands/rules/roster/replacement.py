"""What a roster file changes: which rules and planned shifts go, come and stay.

A file replaces whole seats: the rules of every seat for which it has rules, and the planned
shifts of every seat for which it has those, as far as they begin on the days that it is about.
What people changed since (swaps, stand-ins, absences) is none of its business.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from commands.rules.moments import local
from commands.rules.roster.rule import Change, DutyRole, DutyRule, Roster, Seat


@dataclass(frozen=True)
class Planned:
    """Somebody (None: nobody) stands in one role of a seat for once, from `start` to just before
    `end`, whoever would by the rules."""

    seat: Seat
    role: DutyRole
    person: str | None
    start: int
    end: int
    row: int = field(default=0, compare=False)  # where it stands in its file; 0: nowhere


@dataclass(frozen=True)
class Tally:
    """How many of one seat come, go and stay."""

    seat: Seat
    come: int
    go: int
    stay: int


@dataclass(frozen=True)
class Replacement:
    """The difference between a file and what is there."""

    rules_gone: tuple[DutyRule, ...]
    rules_new: tuple[DutyRule, ...]  # in the order of the file; their ids mean nothing yet
    planned_gone: tuple[int, ...]  # numbers of changes
    planned_new: tuple[Planned, ...]
    rules: tuple[Tally, ...] = ()
    planned: tuple[Tally, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """True if the roster already is as the file says."""
        return not (self.rules_gone or self.rules_new or self.planned_gone or self.planned_new)


def replacement(
    rules: Sequence[DutyRule],
    planned: Sequence[Planned],
    seats: Iterable[Seat],
    days: tuple[date, date] | None,
    present_rules: Iterable[DutyRule],
    present_planned: Mapping[int, Planned],
) -> Replacement:
    """`rules` and `planned` of the file replace what is present; planned shifts of these `seats`
    that begin on these `days` (both included)."""
    there: dict[Seat, list[DutyRule]] = {}
    for rule in present_rules:
        there.setdefault(rule.seat, []).append(rule)
    gone: list[DutyRule] = []
    new: list[DutyRule] = []
    of_rules: list[Tally] = []
    for seat in dict.fromkeys(rule.seat for rule in rules):
        wanted = [settled(rule) for rule in rules if rule.seat == seat]
        standing = sorted(there.get(seat, []), key=lambda rule: rule.id)
        same = _same_begin(wanted, [settled(rule) for rule in standing])
        gone += standing[same:]
        new += wanted[same:]
        of_rules.append(_tally(seat, wanted, [settled(rule) for rule in standing]))
    left = {
        number: each
        for number, each in present_planned.items()
        if days is not None and days[0] <= local(each.start).date() <= days[1]
    }
    gone_shifts: list[int] = []
    new_shifts: list[Planned] = []
    of_planned: list[Tally] = []
    for seat in dict.fromkeys(seats):
        mine = {number: each for number, each in left.items() if each.seat == seat}
        coming = [each for each in planned if each.seat == seat]
        edges = [
            (number, each)
            for number, each in present_planned.items()
            if each.seat == seat and number not in mine
        ]
        for number, each in _near(edges, coming):
            crossing = [other for other in coming if run_together(each, other)]
            if crossing:
                mine[number] = each
                coming += _left_of(each, crossing)
        come = Counter(coming) - Counter(mine.values())
        new_shifts += come.elements()
        go = Counter(mine.values()) - Counter(coming)
        for number, each in mine.items():
            if go[each] > 0:
                go[each] -= 1
                gone_shifts.append(number)
        of_planned.append(_tally(seat, coming, list(mine.values())))
    return Replacement(
        tuple(gone),
        tuple(new),
        tuple(gone_shifts),
        tuple(new_shifts),
        tuple(of_rules),
        tuple(of_planned),
    )


def _near(
    edges: Sequence[tuple[int, Planned]], coming: Sequence[Planned]
) -> list[tuple[int, Planned]]:
    """Only what ends after the first and begins before the last of what comes can meet it: a night
    or two at either edge of the days, whatever was planned before and after."""
    if not coming:
        return []
    begin, end = min(each.start for each in coming), max(each.end for each in coming)
    return [(number, each) for number, each in edges if each.start < end and each.end > begin]


def settled(rule: DutyRule) -> DutyRule:
    """The same rule without what makes no difference, so that equal ones are equal."""
    turns = rule.turns if rule.first_turn is not None else rule.turns[:1]
    if len(turns) == 1:
        return replace(rule, id=0, turns=turns, turn="week", first_turn=None)
    return replace(rule, id=0)


def carried_out(roster: Roster, done: Replacement) -> Roster:
    """The roster as it will be."""
    gone_rules = {rule.id for rule in done.rules_gone}
    last_rule = max((rule.id for rule in roster.rules), default=0)
    last_change = max((change.id for change in roster.changes), default=0)
    stays = [change for change in roster.changes if change.id not in done.planned_gone]
    return replace(
        roster,
        rules=(
            *(rule for rule in roster.rules if rule.id not in gone_rules),
            *(replace(rule, id=last_rule + n) for n, rule in enumerate(done.rules_new, start=1)),
        ),
        changes=(  # what people changed since comes after all that is planned
            *(change for change in stays if change.kind == "planned"),
            *(_change(last_change + n, each) for n, each in enumerate(done.planned_new, start=1)),
            *(change for change in stays if change.kind != "planned"),
        ),
    )


def _change(number: int, shift: Planned) -> Change:
    return Change(
        number, shift.seat, shift.start, shift.end, None, shift.person, shift.role, "planned"
    )


def run_together(one: Planned, other: Planned) -> bool:
    """In one role of one seat at once. In the autumn night those that meet in an hour that comes
    twice do not overlap on the wall."""
    if (one.seat, one.role) != (other.seat, other.role):
        return False
    earlier, later = sorted((one, other), key=lambda shift: shift.start)
    return later.start < earlier.end and _wall(later.start) < _wall(earlier.end)


def _wall(at: int) -> datetime:
    return local(at).replace(tzinfo=None)


def _left_of(shift: Planned, crossing: Sequence[Planned]) -> Iterator[Planned]:
    """What stays of a night shift at the edge of the days that a file is about."""
    start = max((each.end for each in crossing if each.start <= shift.start), default=shift.start)
    end = min((each.start for each in crossing if each.start > shift.start), default=shift.end)
    if start < end:
        yield replace(shift, start=start, end=end)


def _same_begin(wanted: Sequence[DutyRule], standing: Sequence[DutyRule]) -> int:
    """How many stand in their place already. The latest rule wins where they run together, so
    behind the first difference all are written anew, in the order of the file."""
    for n, (one, other) in enumerate(zip(wanted, standing, strict=False)):
        if one != other:
            return n
    return min(len(wanted), len(standing))


def _tally(seat: Seat, wanted: Sequence[object], standing: Sequence[object]) -> Tally:
    stay = (Counter(wanted) & Counter(standing)).total()
    return Tally(seat, len(wanted) - stay, len(standing) - stay, stay)
