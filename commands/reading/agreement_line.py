"""An agreement in one line: `afspraak politie: sporen veiligstellen vóór 18:00`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commands.reading.deadline import Deadline, read_deadline
from commands.reading.words import Vocabulary, clean, tokens, trim

_COMMAND = re.compile(r"(?:afspraak|agreement)\b[\s:]*", re.IGNORECASE)
# Who: a few words in front of a colon that is not the colon of a time.
_WHO = re.compile(r"([^:]{1,60}?)\s*(?<!\d):(?!\d)\s*")
_MOST_WORDS = 4


@dataclass(frozen=True)
class PartnerWords:
    """A partner and the words that people type for it."""

    key: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgreementLine:
    """What a line says. Whatever is None or empty is not there: the bot shows how to write it."""

    partner: str | None  # key of a known partner
    unknown_partner: str | None  # what stands in front of the colon and is no partner, as typed
    text: str  # what will be done, in the writer's own words
    deadline: Deadline | None


def read_agreement(text: str, partners: Sequence[PartnerWords], now_ms: int) -> AgreementLine:
    """Read an agreement, with or without the command word in front.

    The partner is the first word or words, with or without a colon behind them. `now_ms`
    is UTC epoch milliseconds.
    """
    line = _COMMAND.sub("", clean(text), count=1) if _COMMAND.match(clean(text)) else clean(text)
    line, deadline = read_deadline(line, now_ms)
    known = Vocabulary((item.key, (item.key, *item.words)) for item in partners)
    who = _WHO.match(line)
    if who and len(who[1].split()) <= _MOST_WORDS:
        named = tokens(who[1])
        found = known.at(named, 0) if named else None
        whole = found is not None and found.end == len(named)
        return AgreementLine(
            partner=found.name if found and whole else None,
            unknown_partner=None if whole else trim(who[1]) or None,
            text=line[who.end() :].strip(),
            deadline=deadline,
        )
    typed = tokens(line)
    found = known.at(typed, 0) if typed else None
    rest = typed[found.end :] if found else typed
    return AgreementLine(
        partner=found.name if found else None,
        unknown_partner=None,
        text=" ".join(token.text for token in rest).strip(" ,;:-–"),
        deadline=deadline,
    )
