"""The third way out: SMS, e-mail or voice, by gateways that `apprise` knows.

It only sends. A room here is `gateway:person`; who that is stays in the secret file.
"""

import structlog

from bot.channels.base import Accepted, Delivery, Later, Receipt, Refused, Say
from bot.channels.fallback.pusher import Pusher
from config.fallback import Fallback

log = structlog.get_logger(__name__)

LONGEST_S = 20.0  # real seconds; a gateway answers in one or two
AT_ONCE = 4  # 53 MB each, while they last (measured)
BUSY_MS = 500
AGAIN_MS = (5_000, 15_000)  # after a failure; then it is given up, and the chain can go on
_REMEMBERED = 256


class FallbackChannel:
    """Implements `Channel` for all gateways of a region."""

    name = "fallback"

    def __init__(
        self,
        fallback: Fallback,
        within_s: float = LONGEST_S,
        again_ms: tuple[int, ...] = AGAIN_MS,
    ) -> None:
        """`again_ms`: how long to wait after each failure but the last one."""
        self._fallback = fallback
        self._pusher = Pusher(within_s)
        self._again_ms = again_ms
        self._pushing = 0
        self._failures: dict[str, int] = {}  # by key of the message; a restart begins anew

    async def send(self, delivery: Delivery) -> Receipt:
        """One try. A gateway that fails is tried again a little later, but not for ever."""
        if not isinstance(delivery, Say) or delivery.replaces is not None:
            return Refused("a gateway only takes new messages")
        gateway, _, person = delivery.room.partition(":")
        url = self._fallback.url(gateway, person)
        if url is None:
            return Refused(f"nobody by that name at {gateway}")
        if self._pushing >= AT_ONCE:  # waiting here would take a turn from real messengers
            return Later("others first", after_ms=BUSY_MS)
        self._pushing += 1
        try:
            outcome = await self._pusher.push(url, delivery.text)
        finally:
            self._pushing -= 1
        if outcome == "accepted":
            self._failures.pop(delivery.key, None)
            return Accepted((delivery.key,))
        log.warning("fallback_failed", gateway=gateway, outcome=outcome)
        if outcome == "not_understood":
            return Refused(f"{gateway}: not understood")
        return self._failed(delivery.key, gateway, unknown=outcome == "unknown")

    def _failed(self, key: str, gateway: str, *, unknown: bool) -> Receipt:
        """`apprise` does not tell a wrong number from a gateway that is ill for a moment."""
        before = self._failures.pop(key, 0)
        if before >= len(self._again_ms):
            return Refused(f"{gateway}: failed {before + 1} times")
        if len(self._failures) >= _REMEMBERED:
            del self._failures[next(iter(self._failures))]
        self._failures[key] = before + 1
        return Later(f"{gateway}: failed", after_ms=self._again_ms[before], unknown=unknown)

    async def stop(self) -> None:
        """What is cut off here goes out again at the next start: better twice than never."""
        await self._pusher.stop()
