"""How the buttons of a message are explained in words."""

from collections.abc import Sequence

from commands.messages import Message
from commands.spoken import Voice


def reaction_hint(
    channel: str, voice: Voice, emoji: Sequence[str], labels: Sequence[str]
) -> str | None:
    """On Matrix reactions are the buttons; the last line says so in words."""
    if channel != "matrix" or not emoji:
        return None
    if len(emoji) == 2 and emoji[0] == "✅":
        yes, no = labels
        return voice.text(Message("room.reactions_yes_no", {"yes": yes, "no": no}))
    if len(emoji) == 1:  # a bare number would answer too much by accident
        (label,) = labels
        return voice.text(Message("room.reactions_one", {"sign": emoji[0], "label": label}))
    choices = ", ".join(f"{sign} {label}" for sign, label in zip(emoji, labels, strict=True))
    return voice.text(Message("room.reactions", {"choices": choices}))
