"""An answer in words to a question with options: each option is its number and its label."""

from collections.abc import Sequence

from commands.reading.emoji import pressed
from commands.reading.words import clean, phrase


def chosen(text: str, labels: Sequence[str], offered: Sequence[str] = ()) -> int | None:
    """The option, counted from 1, that a typed text means; None when it is none of them.

    `labels` are the options as the reader saw them, `offered` their emoji. Only the whole
    text counts: `1 kind` is no answer.
    """
    by_emoji = pressed(clean(text), offered)
    if by_emoji is not None:
        return by_emoji
    typed = phrase(text)
    if len(typed) <= 2 and typed.isascii() and typed.isdigit() and 0 < int(typed) <= len(labels):
        return int(typed)
    matches = [number for number, label in enumerate(labels, start=1) if phrase(label) == typed]
    return matches[0] if typed and len(matches) == 1 else None
