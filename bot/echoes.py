"""What other instances of us sent, as their messenger told us: for the day we take over.

Only in memory, and only of late: what they marked themselves needs no echo.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator

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

    def of(self, channels: Collection[str]) -> Iterator[Echo]:
        """Oldest first; they are forgotten."""
        for key in [key for key in self._heard if key[0] in channels]:
            yield self._heard.pop(key)
