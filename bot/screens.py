"""What stands on screens, as far as we know: an edit that changes nothing is not sent.

A headline is made again at every change of a case, and the group's line at most of them says the
same as before; on Telegram each edit counts to the twenty that a group may get in a minute.
"""

import hashlib
from collections import OrderedDict

from bot.channels.base import Accepted, Delivery, Receipt, Say

MOST = 2_000  # messages remembered


class Screens:
    """Only a courtesy, gone with the process."""

    def __init__(self) -> None:
        self._shown: OrderedDict[tuple[str, str], bytes] = OrderedDict()  # room, event → digest

    def shows(self, delivery: Delivery) -> Accepted | None:
        """The receipt for an edit after which the screen would be as it is."""
        if not isinstance(delivery, Say) or delivery.replaces is None:
            return None
        known = self._shown.get((delivery.room, delivery.replaces))
        return Accepted((delivery.replaces,)) if known == _digest(delivery) else None

    def note(self, delivery: Delivery, receipt: Receipt) -> None:
        """What became of it. After anything but a yes nobody knows what stands there."""
        if not isinstance(delivery, Say):
            return
        if isinstance(receipt, Accepted) and receipt.ids:
            # An edit may have been said anew, where somebody took the message away.
            for event in {delivery.replaces or receipt.ids[0], receipt.ids[0]}:
                self._shown[delivery.room, event] = _digest(delivery)
            while len(self._shown) > MOST:
                self._shown.popitem(last=False)
        elif delivery.replaces is not None:
            self._shown.pop((delivery.room, delivery.replaces), None)


def _digest(say: Say) -> bytes:
    return hashlib.sha256(repr((say.text, say.keyboard)).encode()).digest()
