"""One spot in a text that looks like personal data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "bsn",
    "iban",
    "phone",
    "email",
    "postcode",
    "address",  # street with house number
    "plate",
    "birth_date",
    "name",
]


@dataclass(frozen=True)
class Hit:
    """A spot in the text as it was typed."""

    kind: Kind
    start: int
    end: int  # behind the last sign
    word: int  # the word it begins in, counted from 1: "Woord 4 lijkt een naam of nummer"


@dataclass(frozen=True)
class Spot:
    """What one detector says; spots of several may overlap."""

    kind: Kind
    start: int
    end: int


def merged(spots: Iterable[Spot]) -> Iterator[Spot]:
    """Spots in reading order; those that overlap become one, of the kind of the longest.

    Nothing that a detector found may stay readable, so the whole stretch is kept.
    """
    standing: Spot | None = None
    longest = 0
    for spot in sorted(spots, key=lambda spot: (spot.start, -spot.end)):
        if standing and spot.start < standing.end:
            length = spot.end - spot.start
            kind = spot.kind if length > longest else standing.kind
            longest = max(longest, length)
            standing = Spot(kind, standing.start, max(standing.end, spot.end))
            continue
        if standing:
            yield standing
        standing, longest = spot, spot.end - spot.start
    if standing:
        yield standing
