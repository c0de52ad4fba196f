"""Dutch number plates: all fourteen sidecodes, with or without dashes, in either case."""

import re
from collections.abc import Callable, Iterator

from commands.guard.hit import Spot

# How many signs each of the three groups has; letters and digits alternate, and a group of
# another kind than the ones beside it. The same shapes serve codes 1 to 14.
_SHAPES = (
    *("LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D"),
    *("D-LLL-DD", "LL-DDD-L", "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D"),
)
_GAP = r"(?P<gap{}>[ ]?[-.][ ]?|[ ]|)"


def _pattern(shape: str) -> str:
    groups = [
        f"{'[a-z]' if group[0] == 'L' else '[0-9]'}{{{len(group)}}}" for group in shape.split("-")
    ]
    return groups[0] + _GAP.format(1) + groups[1] + _GAP.format(2) + groups[2]


_PLATES = [
    (
        shape,
        re.compile(rf"(?<![a-z0-9]){_pattern(shape)}(?![a-z0-9])", re.IGNORECASE | re.ASCII),
    )
    for shape in _SHAPES
]
_NAMED = re.compile(r"(?:kenteken|nummerplaat|plate)\W{1,3}(?:is \W?)?$", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)
# Words and units without a vowel: `20 km 300`, `3 mrt 14`.
WORDS_WITHOUT_VOWEL = frozenset(
    (
        *("km", "kg", "cm", "mm", "ml", "mg", "gr", "cc", "gb", "mb", "pk", "st", "x", "k", "m"),
        *("mrt", "jr", "mnd", "wk", "wkn", "dgn", "hrs", "nr", "p", "v", "str", "dhr", "mvr"),
        *("vt", "ggz", "ggd", "jgz", "wlz", "thv", "skm", "zsm", "shn", "sr", "ct", "hb", "crp"),
        *("mbt", "tbv", "tgv", "dwz", "bv", "nv", "dd", "zgn"),
    )
)
_LETTERS = re.compile(r"[a-z]+", re.IGNORECASE)


def find_plates(text: str, is_reference: Callable[[str], bool]) -> Iterator[Spot]:
    """Number plates. Never one in which a reference stands as a word of its own.

    With blanks between the groups (`12 op 20`, `3 uur 10`), or behind four digits in one
    piece (`1500gr`), only letters count that plates have had since 1978, no vowels, unless
    the word in front says that it is a plate.
    """
    for shape, plate in _PLATES:
        for found in plate.finditer(text):
            typed = found.group()
            before, behind = found["gap1"], found["gap2"]
            if any(is_reference(word) for word in typed.split()):
                continue
            # An amount or a year next to a word: `1500 gr`, `vt 2014`.
            four = (shape == "DD-DD-LL" and not before) or (shape == "LL-DD-DD" and not behind)
            loose = " " in (before, behind)
            named = _NAMED.search(text[max(0, found.start() - 24) : found.start()])
            if not named and ((loose and (four or _is_talk(typed))) or _is_amount(typed)):
                continue
            yield Spot("plate", *found.span())


def _is_talk(typed: str) -> bool:
    return bool(_VOWEL.search(typed)) or any(
        word.lower() in WORDS_WITHOUT_VOWEL for word in _LETTERS.findall(typed)
    )


def _is_amount(typed: str) -> bool:
    return typed[:4].isdigit() and _is_talk(typed)
