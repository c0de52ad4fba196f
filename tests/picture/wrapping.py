"""Where a line of a message breaks. Pure: how wide a text is comes as a function."""

from collections.abc import Callable

Width = Callable[[str], float]
Sticks = Callable[[str], bool]


def _never(_: str) -> bool:
    return False


def wrapped(text: str, limit: float, width: Width, sticks: Sticks = _never) -> list[str]:
    """Lines that are no wider than `limit`, broken at spaces; a word that is wider than that
    by itself (a link) is broken where it must be. Own line breaks stay. A word that `sticks`
    (an emoji) stays with the next one, if the two fit on a line."""
    return [line for given in text.split("\n") for line in _one(given, limit, width, sticks)]


def _one(text: str, limit: float, width: Width, sticks: Sticks) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in _together(text.split(), limit, width, sticks):
        longer = f"{line} {word}" if line else word
        if width(longer) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, limit, width)
        lines += whole
    return [*lines, line]


def _together(words: list[str], limit: float, width: Width, sticks: Sticks) -> list[str]:
    found: list[str] = []
    for word in words:
        pair = f"{found[-1]} {word}" if found else word
        if found and sticks(found[-1]) and width(pair) <= limit:
            found[-1] = pair
        else:
            found.append(word)
    return found


def _broken(word: str, limit: float, width: Width) -> list[str]:
    parts: list[str] = []
    while len(word) > 1 and width(word) > limit:
        fits = next((n for n in range(len(word) - 1, 1, -1) if width(word[:n]) <= limit), 1)
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word]
