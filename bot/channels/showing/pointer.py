"""What stands where something may not be shown: the way to the case room, and nothing else."""

from urllib.parse import quote

from bot.channels.showing.blanks import is_reference
from commands.messages import Message, message


def pointer_to(hidden: Message) -> Message:
    """There is news, and where to read it. Of what is hidden only the reference is told."""
    for part in (hidden, *hidden.lines):
        reference = part.params.get("ref")
        if reference is not None and is_reference(reference):
            return message("telegram.pointer", ref=reference)
    return message("telegram.pointer_any")


def pointer_url(template: str | None, room: str | None) -> str | None:
    """The address behind [Open casusruimte]: `matrix.room_link` of the region with the id of the
    room in it. None without a template or without a room: then the words must do."""
    if not template or not room:
        return None
    return template.replace("{room}", quote(room, safe="!:"))
