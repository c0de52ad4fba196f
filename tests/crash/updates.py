"""What people sent to Telegram, held against what the bot acted upon."""

from dataclasses import dataclass
from typing import Any

from tests.crash.database import rows
from tests.crash.region import Region

_TAKEN_IN = "SELECT update_id FROM inbox WHERE channel = 'telegram' AND state = 'done'"


@dataclass(frozen=True)
class Updates:
    """What people sent to Telegram and what the bot did with it; numbers of updates. `again`: the
    same person on the same button, just before: that one was acted upon."""

    sent: int
    lost: list[str]
    again: list[str]
    made_up: list[str]

    def faults(self) -> list[str]:
        if not self.lost and not self.made_up:
            return []
        return [f"updates: {self.lost} are lost, {self.made_up} made up"]


def updates_of(region: Region) -> Updates:
    """Once nothing waits any more."""
    confirmed = {str(each["update_id"]): each for each in region.telegram.updates.taken}
    done = {row[0] for row in rows(region.settings, _TAKEN_IN)}
    missing = [number for number in confirmed if number not in done]
    acted_upon = {_button(confirmed[number]) for number in done & confirmed.keys()} - {None}
    again = [number for number in missing if _button(confirmed[number]) in acted_upon]
    lost = [number for number in missing if number not in again]
    return Updates(len(confirmed), lost, again, sorted(done - confirmed.keys()))


def _button(update: dict[str, Any]) -> tuple[object, ...] | None:
    """Who pressed which button under which message; none for what is no press."""
    query = update.get("callback_query")
    if query is None:
        return None
    message = query["message"]
    return (query["from"]["id"], message["chat"]["id"], message["message_id"], query["data"])
