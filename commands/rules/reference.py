"""The reference (kenmerk) of a case: four symbols such as K7Q4.

It says nothing: no date, no place, no sequence, and it is never used again. It goes letter,
digit, letter, digit, so that it is no word, no number plate, and easy to say over the phone.
"""

from collections.abc import Callable
from itertools import product

# Thirty symbols that nobody confuses by eye or in handwriting: no 0 and O, no 1, I and L,
# no U (next to V).
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = "23456789"
PATTERN = (LETTERS, DIGITS, LETTERS, DIGITS)

_TRIES = 50


class ReferencesExhausted(Exception):
    """Every reference of this region was used."""


def draw(choice: Callable[[str], str], taken: Callable[[str], bool]) -> str:
    """A new reference: `choice` picks one symbol out of a string, `taken` knows all used ones.

    Draws blindly first. When that keeps hitting used ones, it walks through all of them from a
    drawn beginning, so that the last free one is found too. Raises ReferencesExhausted.
    """
    for _ in range(_TRIES):
        reference = _drawn(choice)
        if not taken(reference):
            return reference
    every = ["".join(symbols) for symbols in product(*PATTERN)]
    begin = every.index(_drawn(choice))
    for reference in every[begin:] + every[:begin]:
        if not taken(reference):
            return reference
    raise ReferencesExhausted


def normalise(text: str) -> str:
    """A reference as people type it (lower case, spaces around it) in the form we store."""
    return text.strip().upper()


def looks_like(text: str) -> bool:
    """Whether this could be a reference, in either case."""
    symbols = normalise(text)
    return len(symbols) == len(PATTERN) and all(
        symbol in allowed for symbol, allowed in zip(symbols, PATTERN, strict=True)
    )


def _drawn(choice: Callable[[str], str]) -> str:
    return "".join(choice(symbols) for symbols in PATTERN)
