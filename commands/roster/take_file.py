"""A roster that somebody sent as a file."""

from commands.messages import message
from commands.people import Known
from commands.tell import tell_person
from commands.world import World
from storage.store import Unit


async def take_file(
    unit: Unit,
    world: World,  # noqa: ARG001
    who: Known,
    name: str,  # noqa: ARG001
    content: bytes,  # noqa: ARG001
) -> None:
    """Say that it came."""
    await tell_person(unit, who.id, message("roster.file_came"))
