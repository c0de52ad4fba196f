"""What people read when a move left a database behind, or did not finish its copy."""

from commands.messages import Day, Message, message
from storage.moving.marks import mark_in


def told(refusal: Message) -> Message:
    """The refusal of a schema that we do not know, or the reason if a move put a mark there."""
    mark = mark_in(str(refusal.params.get("revision", "")))
    if mark is None:
        return refusal
    return message(f"{_INSTEAD[refusal.key]}.{mark.kind}", when=Day(mark.at))


_INSTEAD = {"run.newer": "cli.db", "check.database.newer": "check.database"}
