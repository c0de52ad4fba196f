"""What an event of a calendar says: which role, and the words that may name somebody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from commands.reading.words import fold
from commands.rules.roster.rule import DutyRole

_BACKUP = re.compile(r"\b(?:achterwacht|back-?up)\b", re.IGNORECASE)
_PRIMARY = re.compile(r"\b(?:voorwacht|primary|dienst|duty|piket)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[-–—]\s+|[:;|/(),\n]+")
_LONGEST = 500  # of a text in which somebody may be named
_MOST_PARTS = 40


@dataclass(frozen=True)
class Spoken:
    """`sources`: title, who attends, description; of each the texts that may be somebody's key
    or label."""

    summary: str
    role: DutyRole
    sources: tuple[tuple[str, ...], ...]


def read_event(event: Any) -> Spoken:
    """What of an event matters for a roster."""
    summary = str(event.get("SUMMARY", ""))[:_LONGEST]
    role: DutyRole = "backup" if _BACKUP.search(fold(summary)) else "primary"
    described = str(event.get("DESCRIPTION", ""))[:_LONGEST]
    texts = ([summary], list(_attending(event)), [described])
    return Spoken(summary, role, tuple(_parts(each) for each in texts))


def _parts(texts: list[str]) -> tuple[str, ...]:
    """Each whole and in pieces, and those also without the words for the role."""
    found: dict[str, None] = {}
    for text in texts:
        for piece in (text, *_BETWEEN.split(text)):
            without = _BACKUP.sub(" ", piece)
            for part in (piece, without, _PRIMARY.sub(" ", without)):
                found[part.strip(" \t\r\n-–—:,.")] = None
    return tuple(part for part in found if part)[:_MOST_PARTS]


def _attending(event: Any) -> Iterator[str]:
    given = event.get("ATTENDEE", [])
    for each in given if isinstance(given, list) else [given]:
        yield str(getattr(each, "params", {}).get("CN", ""))[:_LONGEST]
        address = str(each)[:_LONGEST].lower().removeprefix("mailto:")
        yield address.partition("@")[0]
