"""Ask the messenger for the room of a case."""

from commands.places import case_place
from storage import outbox
from storage.store import Unit
from storage.tables import Case


def ask_for_room(
    unit: Unit, case: Case, invite: tuple[str, ...] = (), lane: int = outbox.ANSWERS
) -> None:
    """`invite`: addresses on that messenger."""
    outbox.queue(
        unit,
        channel=case.channel,
        destination=case_place(case),
        kind="open_room",
        payload={"name": case.reference, "invite": list(invite), "direct": False},
        lane=lane,
        case=case,
    )
