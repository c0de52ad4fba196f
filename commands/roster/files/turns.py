"""Who stand in a row: one pair, or several that take turns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commands.reading.words import phrase
from commands.roster.files.names import Names, Unclear
from commands.rules.roster.rule import Pair, Seat

NEXT = frozenset({"volgende", "next", "de volgende"})
NOBODY = frozenset({"niemand", "nobody", "geen", "none", "leeg", "vacant"})
MEANS_SOMETHING = NEXT | NOBODY
_BETWEEN = re.compile(r"\s*/\s*|\s*,\s*|\s*\n\s*")


@dataclass(frozen=True)
class People:
    """What stands in one cell. `names`: keys in turn, None for nobody."""

    names: tuple[str | None, ...] = ()
    next: bool = False  # the next in turn is the backup


def read_people(names: Names, seat: Seat, text: str) -> People | Unclear:
    """Several in turn stand behind each other, with ` / ` or a comma between them."""
    cell = " ".join(text.split()) if "\n" not in text else text.strip()
    if not cell:
        return People()
    if phrase(cell) in NEXT:
        return People(next=True)
    whole = _one(names, seat, cell)
    if not isinstance(whole, Unclear) or not _BETWEEN.search(cell):
        return whole if isinstance(whole, Unclear) else People((whole[0],))
    found: list[str | None] = []
    for part in _BETWEEN.split(cell):
        one = _one(names, seat, part)
        if isinstance(one, Unclear):
            return one
        found.append(one[0])
    return People(tuple(found))


def _one(names: Names, seat: Seat, text: str) -> tuple[str | None] | Unclear:
    if text.strip() in ("-", "–") or phrase(text) in NOBODY:
        return (None,)
    found = names.person(seat.partner, seat.function, text)
    return found if isinstance(found, Unclear) else (found,)


def pairs(primary: People, backup: People) -> tuple[Pair, ...] | str:
    """Who stand together in each turn, or the code of what is wrong with it."""
    if primary.next:
        return "next_is_backup"
    first = primary.names or (None,)
    if backup.next:
        if len(first) == 1:  # one in turn: there is no next
            return (Pair(first[0]),)
        second: Sequence[str | None] = (*first[1:], first[0])
    else:
        second = backup.names or (None,)
    count = max(len(first), len(second))
    if len(first) not in (1, count) or len(second) not in (1, count):
        return "turns_count"
    first, second = (
        tuple(each) * count if len(each) == 1 else tuple(each) for each in (first, second)
    )
    found = tuple(Pair(*both) for both in zip(first, second, strict=True))
    if any(pair.primary is not None and pair.primary == pair.backup for pair in found):
        return "own_backup"
    return found
