"""The week in figures, per protocol and partner and never per person, safe for small numbers.

Sums over measures that outlive their cases. A count under five is shown as "<5" (none at all too),
a share only when part and rest are five or more, a median only over five or more. What is shown
together never gives a hidden count away, also not to somebody who knows this rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from commands.rules.moments import week_bounds

SMALLEST = 5
HIDDEN = f"<{SMALLEST}"

Kind = Literal[
    "alarm",  # confirmed and sent
    "time_to_ack",  # value: milliseconds from alarm to "ik pak op"
    "missed",  # a chain ended without an ack
    "nobody_on_duty",
    "backup_used",
    "consult_in_time",
    "consult_late",
]


@dataclass(frozen=True)
class Measure:
    """One thing that happened. `case` is a token that joins what belongs together, no reference.

    kind: one of Kind; others are not for this digest. at: milliseconds UTC. value_ms: a length,
    where the kind has one.
    """

    kind: str
    protocol: str
    partner: str | None
    at: int
    value_ms: int | None
    case: str


@dataclass(frozen=True)
class Row:
    """Counts that add up to a total. total None: it would give a hidden count away."""

    cells: tuple[tuple[str, str], ...]
    total: str | None


@dataclass(frozen=True)
class Digest:
    """What the coordinators see of one week.

    alarms: by protocol. ack_ms: per partner the median from alarm to first ack (None: fewer than
    five). in_time_percent: consultations in time, of all (None: part or rest is under five).
    Most alarms have one consultation, so without a total of alarms there is none of consultations.
    """

    year: int
    week: int
    alarms: Row
    ack_ms: tuple[tuple[str, int | None], ...]
    missed: str
    nobody_on_duty: str
    backups: str
    consultations: str | None
    in_time_percent: int | None


def weekly(
    measures: Iterable[Measure],
    year: int,
    week: int,
    protocols: Sequence[str],
    partners: Sequence[str],
) -> Digest:
    """The figures of one ISO week. Raises ValueError for a week that this year does not have."""
    begin, end = week_bounds(year, week)
    of_week = [measure for measure in measures if begin <= measure.at < end]
    alarms = row({protocol: len(_cases(of_week, protocol)) for protocol in protocols})
    in_time, late = _consultations(of_week)
    has_total = alarms.total is not None
    return Digest(
        year=year,
        week=week,
        alarms=alarms,
        ack_ms=tuple((it, shown_median(first_acks(of_week, it))) for it in partners),
        missed=shown(_chains(of_week, "missed")),
        nobody_on_duty=shown(_chains(of_week, "nobody_on_duty")),
        backups=shown(_chains(of_week, "backup_used")),
        consultations=shown(in_time + late) if has_total else None,
        in_time_percent=shown_share(in_time, late) if has_total else None,
    )


def first_acks(measures: Iterable[Measure], partner: str) -> list[int]:
    """Per case how long it took until this partner first took it; an undone ack counts once."""
    first: dict[str, Measure] = {}
    for measure in sorted(measures, key=lambda it: it.at):
        if (
            measure.kind == "time_to_ack"
            and measure.partner == partner
            and measure.value_ms is not None
        ):
            first.setdefault(measure.case, measure)
    return [measure.value_ms for measure in first.values() if measure.value_ms is not None]


def _cases(measures: Iterable[Measure], protocol: str) -> set[str]:
    return {it.case for it in measures if it.kind == "alarm" and it.protocol == protocol}


def _chains(measures: Iterable[Measure], kind: Kind) -> int:
    """In how many chains this happened: twice in one chain is once."""
    return len({(it.case, it.partner) for it in measures if it.kind == kind})


def _consultations(measures: Iterable[Measure]) -> tuple[int, int]:
    """In time and late; of a case with several consultations the first one counts."""
    first: dict[str, str] = {}
    for measure in sorted(measures, key=lambda it: it.at):
        if measure.kind in ("consult_in_time", "consult_late"):
            first.setdefault(measure.case, measure.kind)
    in_time = sum(kind == "consult_in_time" for kind in first.values())
    return in_time, len(first) - in_time


def shown(count: int) -> str:
    """A count as people may see it: "<5" is also none."""
    return str(count) if count >= SMALLEST else HIDDEN


def shown_median(values: Sequence[int]) -> int | None:
    """The middle of five or more values."""
    return round(median(values)) if len(values) >= SMALLEST else None


def shown_share(part: int, rest: int) -> int | None:
    """Per cent, when part and rest are five or more: "5 of 6" would tell of the one."""
    return round(100 * part / (part + rest)) if min(part, rest) >= SMALLEST else None


def row(counts: dict[str, int]) -> Row:
    """Counts with their total, as people may see them."""
    cells = tuple((name, shown(count)) for name, count in counts.items())
    return Row(cells, _shown_total(list(counts.values())))


def _shown_total(counts: list[int]) -> str | None:
    """The total, unless the hidden counts follow from it.

    Total less what is shown is the sum of the hidden counts, each none to four. One hidden count
    would be known at once, so then there is no total. Several hidden ones are known when their
    sum is at its lowest or highest. If only those totals were left out, leaving out would tell, so
    the sums beside them are left out as well: without a total each could still be two things.
    """
    total, hidden = sum(counts), [count for count in counts if count < SMALLEST]
    if not hidden:
        return str(total)
    if len(hidden) == len(counts) and total < SMALLEST:
        return HIDDEN
    lowest, highest = 0, len(hidden) * (SMALLEST - 1)
    if len(hidden) > 1 and lowest + 2 <= sum(hidden) <= highest - 2:
        return str(total)
    return None
