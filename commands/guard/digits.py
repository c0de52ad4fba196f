"""Digits in groups, and which groups are clock times: shared by the number detectors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

GAP = r"[ .\-/]{0,3}"  # what people put between the digits of one number

_GROUP = re.compile(r"\d+")
_JOINT = re.compile(r"[ .\-/]{1,3}")
_STANDALONE_CLOCK = re.compile(r"(?<![\d.])(?:[01]?\d|2[0-4])[.][0-5]\d(?![\d]|[.]\d)")


@dataclass(frozen=True)
class Chain:
    """Neighbouring groups of digits that may be one number."""

    start: int
    end: int
    digits: str
    mixed: bool  # the groups are joined in different ways


def chains(text: str, length: int) -> Iterator[Chain]:
    """Every row of neighbouring groups with exactly so many digits in all."""
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(text)]
    for first, (start, _) in enumerate(groups):
        digits = ""
        joints: set[str] = set()
        for number in range(first, min(first + length, len(groups))):
            begin, end = groups[number]
            if number > first:
                joint = text[groups[number - 1][1] : begin][:4]
                if not _JOINT.fullmatch(joint):
                    break
                joints.add(joint)
            if end - begin > length:
                break
            digits += text[begin:end]
            if len(digits) == length:
                yield Chain(start, end, digits, mixed=len(joints) > 1)
            if len(digits) >= length:
                break


def count_clocks(text: str) -> int:
    """How many times such as 15.30 stand in it by themselves."""
    return sum(1 for _ in _STANDALONE_CLOCK.finditer(text))


def leading_clock(text: str, start: int, end: int) -> int | None:
    """Where the clock time ends that stands by itself at the start of this stretch, if any."""
    found = _STANDALONE_CLOCK.match(text, start, end)
    return found.end() if found else None
