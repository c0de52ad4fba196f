"""What was typed, freed from what a keyboard or a messenger adds to it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Longer texts are answered with "typ het kort opnieuw": nobody types this much in an alarm.
LONGEST = 2_000

# Letters that show nothing and are neither control nor format signs for Unicode.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_LEADING = re.compile(r"^[\s/!\\]+")
_NOT_EDGE = re.compile(r"[^\W_].*[^\W_]|[^\W_]", re.DOTALL)


def too_long(text: str) -> bool:
    """Whether a text is too long to be an alarm, an answer or an agreement."""
    return len(text) > LONGEST


def is_invisible(sign: str) -> bool:
    """Zero-width, bidi and other format signs: they can hide or turn around what is read."""
    return unicodedata.category(sign) == "Cf" or sign in _FILLERS


def clean(text: str) -> str:
    """The text on one line as the writer meant it, in its own case.

    Compatibility forms become plain signs (full-width letters, ligatures), invisible signs
    go, line breaks, controls and underscores become one space, and a leading `/` or `!`
    goes: `/kan_niet` is `kan niet`.
    """
    visible = "".join(
        " " if sign == "_" or unicodedata.category(sign) == "Cc" else sign
        for sign in unicodedata.normalize("NFKC", text)
        if not is_invisible(sign)
    )
    return " ".join(_LEADING.sub("", visible).split())


def fold(text: str) -> str:
    """What two words are compared by: no case, no accents (`Vóór` is `voor`)."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign) and sign != "\ufe0f")


def trim(text: str) -> str:
    """Without the punctuation around it: `Centrum,` is `Centrum`."""
    found = _NOT_EDGE.search(text)
    return found.group() if found else ""


@dataclass(frozen=True)
class Token:
    """One typed word."""

    text: str  # as typed, with its punctuation
    key: str  # what it is compared by; empty for a loose dash or an emoji


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a typed text, in order."""
    return tuple(Token(word, fold(trim(word))) for word in clean(text).split())


def phrase(text: str) -> str:
    """A whole typed text for comparing with command words and labels: `/Ik_pak op!`."""
    return " ".join(token.key for token in tokens(text) if token.key)


@dataclass(frozen=True)
class Found:
    """A known word or word group in a row of tokens."""

    name: str
    start: int  # first token
    end: int  # behind the last token


class Vocabulary:
    """Known words and word groups, each standing for a name. The longest group wins."""

    def __init__(self, entries: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._groups: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, words in entries:
            for word in words:
                group = tuple(token.key for token in tokens(word) if token.key)
                if group:
                    self._groups.setdefault(group[0], []).append((group, name))
        for groups in self._groups.values():
            groups.sort(key=lambda entry: -len(entry[0]))

    def at(self, typed: Sequence[Token], start: int) -> Found | None:
        """The known group that begins at this token, if any."""
        for group, name in self._groups.get(typed[start].key, ()):
            end = start + len(group)
            if tuple(token.key for token in typed[start:end]) == group:
                return Found(name, start, end)
        return None
