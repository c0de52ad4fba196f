"""Which messages were accepted lately, by their rooms and keys."""

from collections import OrderedDict

MOST = 2_000


class Said:
    """Only a courtesy, gone with the process: the outbox is what remembers."""

    def __init__(self) -> None:
        self._events: OrderedDict[tuple[str, str], str] = OrderedDict()

    def event(self, room: str, key: str) -> str | None:
        return self._events.get((room, key))

    def note(self, room: str, key: str, event: str) -> None:
        self._events[room, key] = event
        while len(self._events) > MOST:
            self._events.popitem(last=False)
