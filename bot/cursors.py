"""How far a messenger was read, and by which instance."""

import time
from collections import deque

from bot.channels.base import Messenger
from storage import inbox
from storage.store import Store
from storage.tables import Cursor

BEHIND_S = 60.0  # as long as a row may be on its way


class Cursors:
    """A messenger that tells each of several instances its news has a cursor for each of them."""

    def __init__(self, store: Store, instance: str | None) -> None:
        """`instance` is our name among others, if there can be any."""
        self._store = store
        self._instance = instance
        self._read: dict[str, deque[tuple[float, str]]] = {}  # monotonic, position

    def of(self, channel: Messenger) -> str:
        """Under which name ours is kept."""
        own = self._instance is not None and not channel.one_receiver
        return f"{channel.name} {self._instance}" if own else channel.name

    async def last(self, channel: Messenger) -> Cursor | None:
        """Where we begin to read: a new instance where another one is now."""
        async with self._store.view() as unit:
            kept = await inbox.cursor_of(unit, self.of(channel))
            return kept or await inbox.newest_cursor(unit, channel.name)

    def to_keep(self, channel: Messenger, position: str, *, leads: bool) -> str:
        """What is written down now that we have read up to `position`.

        Who stands by stays a minute behind: what others sent is remembered only in memory
        (`echoes`), and after a restart it must be read again, or it would be sent twice.
        """
        if leads:
            self._read.pop(channel.name, None)
            return position
        now = time.monotonic()
        read = self._read.setdefault(channel.name, deque())
        read.append((now, position))
        while len(read) > 1 and read[1][0] <= now - BEHIND_S:
            read.popleft()
        return read[0][1]
