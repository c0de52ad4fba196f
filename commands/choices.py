"""More choices than there are keycaps: a page of them, and a button to the others."""

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
    """All of them where they fit. Else the page on which the one at `begin` stands, and a button
    whose verb gets "the next begin:argument"; behind the last page comes the first one again.

    beside: how many other buttons stand under the same message.
    """
    room = MOST - beside
    if len(options) <= room:
        return tuple(options)
    begin = begin - begin % (room - 1) if 0 < begin < len(options) else 0
    end = begin + room - 1
    onward = f"{end if end < len(options) else 0}:{argument}"
    return (*options[begin:end], Action(verb, Word("button.other_choices"), onward))


def begin_of(argument: str) -> tuple[int, str]:
    """Reads the argument of that button: where to begin, and what was given with it."""
    begin, _, rest = argument.partition(":")
    return int(begin), rest
