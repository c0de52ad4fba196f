"""What the auditor can find: plain facts about rows, never anything of what a case is about."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Claim = Literal[
    "chain",  # an open chain has an ack, a live clock or a final notice
    "unsent",  # each due page was sent
    "late",  # no clock is overdue
    "torn",  # pages, chains and clocks tell the same
    "outbox",  # each row of the outbox moves
    "inbox",  # each update is acted upon
    "time",  # the clock of the database and that of the machine agree
    "look",  # the auditor itself can look
]
CLAIMS: tuple[Claim, ...] = get_args(Claim)
MOST_REFERENCES = 5  # named in a line


@dataclass(frozen=True)
class Broken:
    """One row for which a claim does not hold. `row` names it within its claim: chain:12."""

    row: str
    reference: str | None = None


@dataclass(frozen=True)
class Finding:
    """One claim that does not hold: for which rows, and of which cases they are.

    `amount` says more where that is not a matter of rows: milliseconds of the clocks.
    """

    claim: Claim
    rows: frozenset[str]
    references: tuple[str, ...] = ()
    amount: int | None = None

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.rows)


@dataclass(frozen=True)
class Look:
    """One look over the whole database. Times are real milliseconds."""

    findings: tuple[Finding, ...]
    cases: int  # open ones
    took_ms: float
    apart_ms: int  # how far the database's clock is ahead of the machine's


def gather(broken: Mapping[Claim, Collection[Broken]]) -> tuple[Finding, ...]:
    """A finding for each claim that is broken for anything."""
    return tuple(
        Finding(claim, frozenset(each.row for each in rows), _first(rows))
        for claim, rows in broken.items()
        if rows
    )


def still(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What was found the second time as well, for the same rows: a busy moment is no finding."""
    known = {finding.claim: finding.rows for finding in before}
    return tuple(
        finding for finding in after if finding.rows & known.get(finding.claim, frozenset())
    )


def _first(rows: Collection[Broken]) -> tuple[str, ...]:
    named = dict.fromkeys(each.reference for each in rows if each.reference is not None)
    return tuple(named)
