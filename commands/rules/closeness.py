"""One typo in a word: a letter too many, too few, another, or two that changed places."""

from collections.abc import Iterable

SHORTEST = 4  # in shorter words one typo makes another word


def closest(word: str, words: Iterable[str]) -> str | None:
    """The one word that was meant; None when there is none, or when it could be several."""
    typed = word.casefold()
    known = set(words)
    if typed in known:
        return typed
    meant = {it for it in known if len(it) >= SHORTEST and one_typo_apart(typed, it.casefold())}
    return meant.pop() if len(meant) == 1 else None


def one_typo_apart(one: str, other: str) -> bool:
    """Whether exactly one typo lies between them (Damerau-Levenshtein distance 1)."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or short == long:
        return False
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    a, b = short[same:], long[same:]
    return a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
