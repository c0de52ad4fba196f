"""The times that somebody can join: `1 2`, `16:30 en 17:00`, `niets past`, `nothing fits`, `nu`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commands.reading.words import clean, fold

_BETWEEN = re.compile(r"[\s,;+&/]+")
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[:.]([0-5]\d)|[uh]([0-5]\d)?)")
_NUMBER = re.compile(r"\d{1,2}")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
# Dutch and English alike: people answer in the language that they think in.
_EMPTY = frozenset(
    {
        *(
            "",
            "en",
            "ook",
            "om",
            "kan",
            "uur",
            "ik",
            "mij",
            "past",
            "van",
            "deze",
            "tijd",
            "tijden",
        ),
        *("and", "or", "at", "can", "i", "me", "fits", "works", "of", "these", "time", "times"),
    }
)
_ALL = frozenset({"alle", "alles", "allemaal", "allebei", "all", "both"})
_NOTHING = frozenset({"niets", "geen", "nothing", "none", "❌"})
_NOW = frozenset({"nu", "now"})


@dataclass(frozen=True)
class Votes:
    """What fits somebody. All three empty or False does not exist: that is no vote."""

    slots: tuple[int, ...]  # indexes into the offered slots, from 0, in their order
    now: bool = False
    nothing: bool = False
    unknown: tuple[str, ...] = ()  # typed times and numbers that were not offered


def read_votes(text: str, clocks: Sequence[str]) -> Votes | None:
    """Read an answer to the offered slots, given as clock texts such as `16:30`.

    None when the text is anything else than a vote: in a room, other talk is not answered.
    A vote for nothing and for something at once is no vote either.
    """
    offered = {_minutes(clock): number for number, clock in reversed([*enumerate(clocks)])}
    slots: set[int] = set()
    unknown: list[str] = []
    now = nothing = False
    for part in _BETWEEN.split(_KEYCAP.sub(r" \1 ", clean(text))):
        word = fold(part).strip(".!?()")
        if word in _EMPTY:
            continue
        if word in _ALL:
            slots.update(range(len(clocks)))
        elif word in _NOTHING:
            nothing = True
        elif word in _NOW:
            now = True
        elif _NUMBER.fullmatch(word) and 1 <= int(word) <= len(clocks):
            slots.add(int(word) - 1)
        elif _CLOCK.fullmatch(word) or _NUMBER.fullmatch(word):
            number = offered.get(_minutes(word))
            if number is None:
                unknown.append(part)
            else:
                slots.add(number)
        else:
            return None
    if nothing == bool(slots or now or unknown):
        return None
    return Votes(tuple(sorted(slots)), now, nothing, tuple(unknown))


def _minutes(clock: str) -> int | None:
    """Minutes since midnight of `16:30`, `16.30`, `16u30`, `16u` or `16`; None for others."""
    found = _CLOCK.fullmatch(clock)
    if found:
        return int(found[1]) * 60 + int(found[2] or found[3] or 0)
    return int(clock) * 60 if _NUMBER.fullmatch(clock) else None
