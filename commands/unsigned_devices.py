"""Devices that their owner did not sign get no keys of a case room: look for them in time,
and tell the owner why that device stays dark and what to do."""

from collections.abc import Sequence

from commands.messages import message
from commands.places import person_in, place_of
from commands.tell import How, tell_person
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Identity, OutboxRow


def look_for_unsigned(unit: Unit, identity: Identity, case: Case | None = None) -> None:
    """Ask the messenger. It answers through `unsigned_found`; who has none hears nothing."""
    outbox.queue(
        unit,
        channel=identity.channel,
        destination=place_of(identity),
        kind="unsigned",
        payload={"user": identity.address},
        lane=outbox.REST,
        case=case,
    )


async def unsigned_found(
    unit: Unit, row: OutboxRow, names: Sequence[str], case: Case | None
) -> None:
    """These devices of the person whom `row` asked about get no case."""
    if names:
        person_id = person_in(row.destination) or 0
        text = message("onboard.unsigned", n=len(names), devices=", ".join(names))
        await tell_person(unit, person_id, text, how=How(lane=outbox.ANSWERS, case=case))
