"""Reactions as buttons: which emoji stand for which option, and back.

Two options are ✅ and ❌. More are 1️⃣ 2️⃣ …, and ❌ for the last one where that means
stop, no or nothing.
"""

from collections.abc import Sequence

from commands.reading.words import phrase

YES = "✅"
NO = "❌"
MOST = 9  # numbered options; more would be too many for a thumb anyway

_VARIATION = dict.fromkeys([0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])  # and skin tones
_KEYCAP = "\u20e3"
# Friendly noise: the reader saw it, and takes nothing on.
_NOD_EMOJI = frozenset("👍👌🙏🫡👀❤🆗")
_NOD_WORDS = frozenset(
    {"ok", "oke", "okay", "okee", "k", "gezien", "duim", "top", "seen", "thanks", "bedankt"}
)


def bare(emoji: str) -> str:
    """Without variation selectors and skin tone: messengers differ in sending them."""
    return emoji.strip().translate(_VARIATION)


def numbered(number: int) -> str:
    """The keycap of an option, counted from 1. Raises ValueError outside 1 to 9."""
    if not 1 <= number <= MOST:
        raise ValueError(f"no keycap for option {number}")
    return f"{number}\ufe0f{_KEYCAP}"


def buttons(options: int, *, last_is_no: bool) -> tuple[str, ...]:
    """The emoji under a message with so many options, in their order.

    Raises ValueError for more options than there are keycaps.
    """
    if options == 2 and last_is_no:
        return (YES, NO)
    signs = [numbered(number) for number in range(1, options + 1 - last_is_no)]
    return (*signs, NO) if last_is_no and options else tuple(signs)


def pressed(emoji: str, offered: Sequence[str]) -> int | None:
    """The option, counted from 1, that a reaction means among the offered emoji.

    A keycap is also the number of the option where ✅ and ❌ are offered. ✅ under numbered
    options means nothing: nobody can know which one it takes.
    """
    sign = bare(emoji)
    for number, standing in enumerate(offered, start=1):
        if bare(standing) == sign:
            return number
    if len(sign) == 2 and sign[1] == _KEYCAP and sign[0] in "123456789":
        number = int(sign[0])
        return number if number <= len(offered) else None
    return None


def is_nod(text: str) -> bool:
    """Whether a text or reaction only nods (👍, ok): it shows sight, and is never an ack."""
    sign = bare(text)
    return bool(sign) and (all(part in _NOD_EMOJI for part in sign) or phrase(text) in _NOD_WORDS)
