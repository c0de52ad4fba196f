"""More choices than there are keycaps: a page of them, and a button to the next ones."""

from collections.abc import Sequence

from commands.messages import Action, Word
from commands.reading.emoji import MOST


def page_of(
    options: Sequence[Action],
    begin: int,
    verb: str,
    argument: str = "",
    *,
    beside: int = 0,
) -> tuple[Action, ...]:
    """All of them where they fit. Else those from `begin` on, and a button whose verb gets
    "the next begin:argument"; behind the last page comes the first one again.

    beside: how many other buttons stand under the same message.
    """
    room = MOST - beside
    if len(options) <= room:
        return tuple(options)
    begin = begin if 0 < begin < len(options) else 0
    end = begin + room - 1
    last = end >= len(options)
    label = Word("button.first_ones" if last else "button.next_ones")
    return (*options[begin:end], Action(verb, label, f"{0 if last else end}:{argument}"))


def begin_of(argument: str) -> tuple[int, str]:
    """Reads the argument of that button: where to begin, and what was given with it."""
    begin, _, rest = argument.partition(":")
    return int(begin), rest
