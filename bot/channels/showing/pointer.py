"""What stands where something may not be shown: the way to the case room, and nothing else."""

import re
from urllib.parse import quote

from bot.channels.showing.blanks import is_reference
from commands.messages import Message, message
from commands.places import is_topic
from storage.tables import Case

_TOPIC = re.compile(r"-100(\d+)/(\d+)")


def pointer_to(hidden: Message) -> Message:
    """There is news, and where to read it. Of what is hidden only the reference is told."""
    for part in (hidden, *hidden.lines):
        reference = part.params.get("ref")
        if reference is not None and is_reference(reference):
            return message("telegram.pointer", ref=reference)
    return message("telegram.pointer_any")


def way_to(template: str | None, case: Case) -> str | None:
    """The address behind [Open casusruimte]: `matrix.room_link` of the region (`template`) with
    the id of the room in it, or the topic in the group. None where there is none: then the words
    must do."""
    if not case.room:
        return None
    if is_topic(case):
        return _topic_url(case.room)
    return template.replace("{room}", quote(case.room, safe="!:")) if template else None


def _topic_url(room: str) -> str | None:
    """For who is in the group. Supergroups bear a `-100` before the number that links use."""
    found = _TOPIC.fullmatch(room)
    return f"https://t.me/c/{found[1]}/{found[2]}" if found else None
