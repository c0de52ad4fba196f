"""Where a line of a message breaks. Pure: how wide a text is comes as a function."""

from collections.abc import Callable

Width = Callable[[str], float]


def wrapped(text: str, limit: float, width: Width) -> list[str]:
    """Lines that are no wider than `limit`, broken at spaces; a word that is wider than that
    by itself (a link) is broken where it must be. Own line breaks stay."""
    return [line for given in text.split("\n") for line in _one(given, limit, width)]


def _one(text: str, limit: float, width: Width) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, limit, width)
        lines += whole
    return [*lines, line]


def _broken(word: str, limit: float, width: Width) -> list[str]:
    parts: list[str] = []
    while len(word) > 1 and width(word) > limit:
        fits = next((n for n in range(len(word) - 1, 1, -1) if width(word[:n]) <= limit), 1)
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word]
