"""One typing mistake in a longer word is understood, but the bot asks before it acts."""

from collections.abc import Iterable

from commands.reading.words import fold, trim

SHORTEST = 4  # in shorter words one mistake makes another word


def meant(word: str, known: Iterable[str]) -> str | None:
    """The one known word that `word` is a single mistake away from.

    None for a word that is known as it stands, that is too short, or that is as near to
    two known words. A mistake is one sign too many, missing, wrong, or two swapped.
    """
    typed = fold(trim(word))
    candidates = {fold(candidate): candidate for candidate in known}
    if len(typed) < SHORTEST or typed in candidates:
        return None
    near = [name for key, name in candidates.items() if len(key) >= SHORTEST and _one(typed, key)]
    return near[0] if len(near) == 1 else None


def _one(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(left), len(right)) and left[same] == right[same]:
        same += 1
    rest, other = left[same:], right[same:]
    swapped = rest[1::-1] + rest[2:] if len(rest) > 1 else None
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped == other
