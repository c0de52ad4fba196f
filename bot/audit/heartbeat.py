"""The dead man's switch: as long as this address is asked for, all is well. When it is not,
whoever watches there calls the operators, also when this machine is gone.
"""

import aiohttp
import structlog

from bot.metrics import Metrics

log = structlog.get_logger(__name__)

WITHIN_S = 10.0


class Heartbeat:
    """Asks for one address, with nothing in it. The address holds a token: it is never logged."""

    def __init__(self, url: str, metrics: Metrics, within_s: float = WITHIN_S) -> None:
        self._url = url
        self._metrics = metrics
        self._within = aiohttp.ClientTimeout(total=within_s)

    async def beat(self, now: int) -> bool:
        """True if it was taken. Whatever goes wrong there is no reason to stop watching here.

        `now`: UTC epoch milliseconds, for `/health`.
        """
        why = await self._ask()
        self._metrics.heartbeat(now, taken=why is None)
        if why is not None:
            log.warning("heartbeat_failed", why=why)
        return why is None

    async def _ask(self) -> str | None:
        """Why it was not taken, without a word of the address."""
        try:
            async with (
                aiohttp.ClientSession(timeout=self._within) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                return None if answer.ok and answer.status < 300 else f"HTTP {answer.status}"
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return type(error).__name__
