"""Numbers of the state and of banks: BSN and IBAN."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban, numdb
from stdnum.nl import bsn

from commands.guard.digits import GAP, chains, count_clocks
from commands.guard.hit import Spot

_BSN_NAMED = re.compile(
    rf"(?<![a-z])(?:bsn|sofi|burger ?service)[a-z]{{0,8}}\W{{0,3}}(?:[a-z]{{1,15}}\W{{1,3}}){{0,2}}"
    rf"(\d(?:{GAP}\d){{7,8}})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_IBAN_START = re.compile(
    r"(?<![a-z0-9])([a-z])[ .\-]?([a-z])[ .\-]?(?=\d[ .\-]?\d)", re.IGNORECASE | re.ASCII
)
_DUTCH_IBAN = re.compile(r"NL\d\d[A-Z]{4}\d{10}")
_LONGEST_IBAN = 34
_STRUCTURE = re.compile(r"(\d+)!")


def find_bsn(text: str) -> Iterator[Spot]:
    """Nine digits that pass the test of eleven, in any grouping.

    Behind the word BSN eight or nine digits are enough: a number with a slip is one too.
    """
    for found in _BSN_NAMED.finditer(text):
        yield Spot("bsn", *found.span(1))
    for chain in chains(text, 9):
        if chain.mixed and count_clocks(text[chain.start : chain.end]):
            continue
        if bsn.is_valid(chain.digits):
            yield Spot("bsn", chain.start, chain.end)


def find_iban(text: str) -> Iterator[Spot]:
    """Account numbers of every country that has an IBAN, checked by their check digits.

    What has the shape of a Dutch one is a hit with wrong check digits too.
    """
    for found in _IBAN_START.finditer(text):
        length = _length((found[1] + found[2]).upper())
        signs, end = _collect(text, found.start(), length)
        if count_clocks(text[found.start() : end]):  # `om 10.30 11.00 …`: Oman has an IBAN too
            continue
        if len(signs) == length and (_DUTCH_IBAN.fullmatch(signs) or iban.is_valid(signs)):
            yield Spot("iban", found.start(), end)


@cache
def _length(country: str) -> int:
    """How many signs an IBAN of this country has; 0 for countries without."""
    facts = numdb.get("iban").info(country)[0][1]
    return 4 + sum(map(int, _STRUCTURE.findall(facts.get("bban", "")))) if facts else 0


def _collect(text: str, start: int, length: int) -> tuple[str, int]:
    """So many letters and digits from here on, over gaps; and where they end."""
    signs: list[str] = []
    end = gap = start
    for position in range(start, min(start + 3 * _LONGEST_IBAN, len(text))):
        if len(signs) == length:
            break
        sign = text[position]
        if sign.isascii() and sign.isalnum():
            signs.append(sign.upper())
            end = gap = position + 1
        elif sign not in " .-" or position - gap >= 3:
            break
    return "".join(signs), end
