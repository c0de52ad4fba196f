"""Named places at every commit and send boundary where a test can have the process killed.

Only in a fictional region. `dispatch.sent:3` dies the third time that place is passed.
"""

import os
import signal
from enum import StrEnum


class KillPoint(StrEnum):
    """Between which two things the process dies."""

    RECEIVED = "inbox.received"  # the server gave updates, nothing is committed
    KEPT = "inbox.kept"  # updates and cursor are committed
    DECIDED = "inbox.decided"  # a command did everything, nothing is committed
    DONE = "inbox.done"  # the command is committed
    DUE = "timer.decided"  # a timer did everything, nothing is committed
    FIRED = "timer.done"  # the timer is committed
    CLAIMED = "outbox.claimed"  # rows are leased, nothing is sent
    SENT = "outbox.sent"  # the server accepted, nothing is marked
    MARKED = "outbox.marked"  # the row is marked as sent
    PAGES_CLAIMED = "outbox.pages_claimed"  # the same three, passed by pages only
    PAGE_SENT = "outbox.page_sent"
    PAGE_MARKED = "outbox.page_marked"


class KillPoints:
    """Counts how often each place is passed, and dies at the chosen one."""

    def __init__(self, chosen: tuple[str, int] | None = None) -> None:
        self._chosen = (KillPoint(chosen[0]), chosen[1]) if chosen else None
        self._passed = 0

    def reach(self, point: KillPoint) -> None:
        """Pass a place; the process ends here without any clean-up if it is the chosen one."""
        if self._chosen is None or self._chosen[0] is not point:
            return
        self._passed += 1
        if self._passed == self._chosen[1]:
            os.kill(os.getpid(), signal.SIGKILL)
