"""What other instances of us sent, as their messenger told us: for the day we take over.

Only in memory, and only of late: what they marked themselves needs no echo.
"""

from collections import OrderedDict
from collections.abc import Collection

from bot.channels.base import Update
from commands.sent_elsewhere import Echo

MOST = 1_000


class Echoes:
    """Filled while another instance leads, read when we begin to."""

    def __init__(self) -> None:
        self._heard: OrderedDict[tuple[str, str], Echo] = OrderedDict()  # channel, event

    def note(self, channel: str, update: Update) -> None:
        """Remember one of kind "sent"."""
        self._heard[channel, update.event] = Echo.of(channel, update)
        while len(self._heard) > MOST:
            self._heard.popitem(last=False)

    def of(self, channels: Collection[str]) -> list[Echo]:
        """Oldest first."""
        return [echo for (channel, _), echo in self._heard.items() if channel in channels]

    def forget(self, channels: Collection[str]) -> None:
        """What was marked by them is committed."""
        for key in [key for key in self._heard if key[0] in channels]:
            del self._heard[key]
