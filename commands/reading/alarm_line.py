"""An alarm in one line, in any order: `alarm skm spoed Centrum letsel past niet bij uitleg`."""

from collections.abc import Sequence
from dataclasses import dataclass

from commands.reading.words import Found, Token, Vocabulary, tokens, trim

_COMMANDS = frozenset({"alarm", "alert"})
_URGENCY = Vocabulary(
    [
        ("yes", ("spoed", "urgent", "dringend", "met spoed", "wel spoed", "spoed ja")),
        (
            "no",
            (
                *("geen spoed", "zonder spoed", "niet spoed", "spoed nee", "niet urgent"),
                *("niet dringend", "geen haast", "not urgent", "non-urgent", "no rush"),
            ),
        ),
        # The emergency room, and no word about this alarm.
        ("other", ("de spoed", "spoed eisende", "spoed eisend")),
    ]
)
_CHILDREN = Vocabulary(
    [
        (
            "yes",
            (
                *("kinderen ja", "er wonen kinderen", "er wonen ook kinderen", "met kinderen"),
                *("wel kinderen", "kinderen wonen er", "kinderen in huis", "children yes"),
                *("with children", "children live there"),
            ),
        ),
        (
            "no",
            (
                *("kinderen nee", "geen kinderen", "er wonen geen kinderen", "zonder kinderen"),
                *("geen kinderen in huis", "children no", "no children", "without children"),
            ),
        ),
    ]
)
# Small words that only make sense in front of the place: they leave the reason with it.
_BEFORE_PLACE = frozenset({"in", "te", "wijk", "district", "gemeente", "regio", "at"})


@dataclass(frozen=True)
class ProtocolWords:
    """A kind of alarm and the words that people type for it."""

    key: str
    words: tuple[str, ...] = ()
    asks_children: bool = True  # False: words about children stay in the reason


@dataclass(frozen=True)
class PlaceWords:
    """A district or municipality and the words that people type for it."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class AlarmLine:
    """What a line says. None is what it does not say: the bot asks for that."""

    protocol: str | None  # key of a known kind
    unknown_protocol: str | None  # word in the place of a kind that is none, as typed
    urgent: bool | None  # also None when the line says both
    place: str | None
    unknown_place: str | None  # word that looks like a place and is none of ours, as typed
    reason: str  # what is left over, in the writer's own words
    children: bool | None  # whether children live there


def read_alarm(
    text: str, protocols: Sequence[ProtocolWords], places: Sequence[PlaceWords]
) -> AlarmLine:
    """Read an alarm line, with or without the command word in front.

    The first kind, the first place and the words on urgency and children are taken out;
    later ones stay in the reason. A word that may be an unknown kind or place leaves the
    reason only when it stands alone: words of a sentence are never lost.
    """
    typed = [token for token in tokens(text) if token.key]
    if typed and typed[0].key in _COMMANDS:
        typed = typed[1:]
    kinds = Vocabulary((item.key, (item.key, *item.words)) for item in protocols)
    areas = Vocabulary((item.name, (item.name, *item.words)) for item in places)
    taken: set[int] = set()

    kind = _take_first(kinds, typed, taken)
    place = _take_first(areas, typed, taken)
    if place and place.start and typed[place.start - 1].key in _BEFORE_PLACE:
        taken.add(place.start - 1)
    urgent = _take_answer(_URGENCY, typed, taken)
    asks = next((item.asks_children for item in protocols if kind and item.key == kind.name), True)
    children = _take_answer(_CHILDREN, typed, taken) if asks else None

    unknown_kind = None
    if kind is None and typed and 0 not in taken:
        unknown_kind = 0
    unknown_place = None if place else _looks_like_place(typed, taken, unknown_kind)
    if unknown_kind is not None and _stands_alone(unknown_kind, unknown_kind, len(typed), taken):
        taken.add(unknown_kind)
    if unknown_place is not None:
        start = unknown_place
        if start and typed[start - 1].key in _BEFORE_PLACE:
            start -= 1
        if _stands_alone(start, unknown_place, len(typed), taken):
            taken.update((start, unknown_place))
    left = [token.text for number, token in enumerate(typed) if number not in taken]
    return AlarmLine(
        protocol=kind.name if kind else None,
        unknown_protocol=None if unknown_kind is None else trim(typed[unknown_kind].text),
        urgent=urgent,
        place=place.name if place else None,
        unknown_place=None if unknown_place is None else trim(typed[unknown_place].text),
        reason=" ".join(left).strip(" ,;:-–"),
        children=children,
    )


def _take_first(known: Vocabulary, typed: Sequence[Token], taken: set[int]) -> Found | None:
    for start in range(len(typed)):
        found = known.at(typed, start)
        if found and not taken.intersection(range(found.start, found.end)):
            taken.update(range(found.start, found.end))
            return found
    return None


def _take_answer(known: Vocabulary, typed: Sequence[Token], taken: set[int]) -> bool | None:
    """Take every yes and no out; None when there is none or when they contradict."""
    answers: set[str] = set()
    start = 0
    while start < len(typed):
        found = known.at(typed, start)
        if not found or taken.intersection(range(found.start, found.end)):
            start += 1
            continue
        if found.name != "other":
            taken.update(range(found.start, found.end))
            answers.add(found.name)
        start = found.end
    return answers == {"yes"} if len(answers) == 1 else None


def _looks_like_place(
    typed: Sequence[Token], taken: set[int], unknown_kind: int | None
) -> int | None:
    """A capital inside the line is typed on purpose; behind `in`, or next to other arguments."""
    for number, token in enumerate(typed):
        if number in taken or number == unknown_kind or not trim(token.text).istitle():
            continue
        before = number - 1
        if before in (-1, unknown_kind) or before in taken or typed[before].key in _BEFORE_PLACE:
            return number
    return None


def _stands_alone(first: int, last: int, length: int, taken: set[int]) -> bool:
    return (first == 0 or first - 1 in taken) and (last + 1 == length or last + 1 in taken)
