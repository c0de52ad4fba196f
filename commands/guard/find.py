"""What in a typed text looks like personal data, and the text with those spots marked."""

import re
from collections.abc import Callable, Iterable, Iterator

from commands.guard.addresses import find_postcodes, find_streets
from commands.guard.dates import find_birth_dates
from commands.guard.emails import find_emails
from commands.guard.hit import Hit, Spot, merged
from commands.guard.names import find_names
from commands.guard.numbers import find_bsn, find_iban
from commands.guard.phones import allowed_spots, find_phones
from commands.guard.plain import plain
from commands.guard.plates import find_plates
from commands.rules.reference import looks_like

MARK = "▒▒▒"

_WORD = re.compile(r"\S+")


def find(
    text: str,
    *,
    this_year: int,
    allowed: frozenset[str] = frozenset(),
    is_reference: Callable[[str], bool] = looks_like,
) -> tuple[Hit, ...]:
    """The spots in reading order, none overlapping another.

    `allowed` are the numbers of the region's own configuration (desks, dial-in), in any
    writing. `this_year` is the wall-clock year: dates later than that are no birth dates.
    """
    read = plain(text)
    read = read.without(allowed_spots(read.text, allowed))
    spots = _spots(read.text, this_year, is_reference)
    # Merged by where they were typed: one typed sign such as ½ is several plain ones.
    found = (Spot(spot.kind, *read.typed_span(spot.start, spot.end)) for spot in spots)
    typed = list(merged(found))
    words = _word_numbers(text, [spot.start for spot in typed])
    return tuple(
        Hit(spot.kind, spot.start, spot.end, word) for spot, word in zip(typed, words, strict=True)
    )


def mark(text: str, hits: Iterable[Hit]) -> str:
    """The text for its own writer, with a bar in the place of every hit."""
    pieces: list[str] = []
    done = 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        pieces += (text[done : hit.start], MARK)
        done = hit.end
    return "".join((*pieces, text[done:]))


def _spots(text: str, this_year: int, is_reference: Callable[[str], bool]) -> Iterator[Spot]:
    yield from find_bsn(text)
    yield from find_iban(text)
    yield from find_phones(text)
    yield from find_emails(text)
    yield from find_postcodes(text)
    yield from find_streets(text)
    yield from find_plates(text, is_reference)
    yield from find_birth_dates(text, this_year)
    yield from find_names(text)


def _word_numbers(text: str, starts: list[int]) -> list[int]:
    """For each spot, in order, how many words have begun where it begins."""
    numbers: list[int] = []
    begun = 0
    words = _WORD.finditer(text)
    word = next(words, None)
    for start in starts:
        while word and word.start() <= start:
            begun += 1
            word = next(words, None)
        numbers.append(max(begun, 1))
    return numbers
