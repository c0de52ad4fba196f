"""A message of ours that another instance sent: it stands, so it is not sent once more.

A messenger that does not know our keys across logins (Matrix: per device) would take the second
one as another message. The key travels with the message, so that whoever sees it can tell.
"""

from dataclasses import dataclass
from typing import Any

from commands.delivered import accepted
from commands.update import Update
from commands.world import World
from storage import outbox
from storage.sealing import Unsealable
from storage.store import Unit
from storage.tables import Case

_SAID = ("say", "edit", "file", "picture")
_KEY = "kl-"


@dataclass(frozen=True)
class Echo:
    """Where the row with this key stands."""

    channel: str
    key: str
    room: str
    event: str

    @staticmethod
    def of(channel: str, update: Update) -> "Echo":
        """From an update of kind "sent"."""
        return Echo(channel, update.text, update.room, update.event)


async def sent_elsewhere(unit: Unit, world: World, echo: Echo) -> None:
    """Mark the row, if nobody did; of a message that arrived twice only the marked one stays."""
    row = await outbox.by_key(unit, echo.key.removeprefix(_KEY))
    if row is None or row.channel != echo.channel or row.kind not in _SAID:
        return
    case = await unit.session.get(Case, row.case_id) if row.case_id else None
    if row.state in ("pending", "sending"):
        try:
            meaning: dict[str, Any] = outbox.opened(unit, row, case)
        except Unsealable:
            return  # the dispatcher tells the operator of it
        await accepted(unit, world, row, meaning, echo.room, (echo.event,))
    elif row.sent_as not in (None, echo.event) and row.kind != "edit":
        outbox.erase(
            unit,
            channel=row.channel,
            destination=row.destination,
            event_id=echo.event,
            case=case,
        )
