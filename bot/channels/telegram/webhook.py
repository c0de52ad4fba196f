"""News that Telegram brings to our own address, in place of polls.

It counts as taken only when we answer 200, so the answer waits until the update is committed:
the next question for news, with the cursor behind it, says that it is.
"""

import asyncio
import hmac
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web

from bot.channels.base import Batch
from bot.channels.telegram.line import Line
from bot.channels.telegram.receive import WITHOUT_OFFSET, Receiver
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import KINDS

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (its name, not its value)
COMMITTED_WITHIN_S = 20.0  # else Telegram is to bring it again
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class WebhookPlace:
    """`url` is what Telegram calls (https); a proxy of the operator brings it to host and port."""

    url: str
    secret: str = field(repr=False)  # 1 to 256 letters, digits, _ and -
    host: str = "127.0.0.1"
    port: int = 8443


@dataclass(eq=False)
class _Brought:
    """One report that waits for its 200."""

    raw: Any
    committed: asyncio.Future[None]


class Webhook:
    def __init__(
        self, line: Line, place: WebhookPlace, receiver: Receiver, now: Callable[[], int]
    ) -> None:
        self._line = line
        self._place = place
        self._receiver = receiver
        self._waiting: list[_Brought] = []
        self._news = asyncio.Event()
        self._handed: tuple[Batch, list[_Brought]] | None = None
        self._marks = itertools.count(now())  # no two cursors are alike, also after a restart
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen, and tell Telegram where. Raises `Trouble`; `OSError` for a taken port."""
        if self._runner is None:
            app = web.Application()
            app.router.add_post("/{path:.*}", self.take)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            try:
                await web.TCPSite(runner, self._place.host, self._place.port).start()
            except OSError:
                await runner.cleanup()
                raise
            self._runner = runner
        await self._line.bot.set_webhook(
            self._place.url, secret_token=self._place.secret, allowed_updates=KINDS
        )

    async def stop(self) -> None:
        """Telegram keeps for the next start what was not taken."""
        for brought in self._all():
            brought.committed.cancel()
        self._waiting, self._handed = [], None
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def poll(self, cursor: str | None) -> Batch:
        """As `Receiver.poll`: what was handed out and is not behind `cursor` comes again."""
        if self._handed is not None:
            batch, brought = self._handed
            if batch.cursor != cursor:
                return batch
            self._handed = None
            for one in brought:
                if not one.committed.done():
                    one.committed.set_result(None)
        if not await self._something():
            await self._look_whether_it_stands()
            return Batch((), cursor or "")
        brought, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        news = [one.raw for one in brought]
        # No number to ask from: requests come side by side, and one that failed may be older
        # than one that was taken. If we poll some day, we ask for all that Telegram kept.
        batch = Batch(self._receiver.updates(news), f"{WITHOUT_OFFSET}{next(self._marks)}")
        self._handed = (batch, brought)
        return batch

    async def take(self, request: web.Request) -> web.Response:
        """One request of Telegram, or of somebody who found our address."""
        told = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(told, self._place.secret.encode()):
            log.warning("webhook_without_secret")
            return web.Response(status=403)
        try:
            raw = await request.json()
        except ValueError:
            return web.Response(status=400)
        brought = _Brought(raw, asyncio.get_running_loop().create_future())
        self._waiting.append(brought)
        self._news.set()
        try:
            async with asyncio.timeout(COMMITTED_WITHIN_S):
                await brought.committed
        except (TimeoutError, asyncio.CancelledError):
            if brought in self._waiting:
                self._waiting.remove(brought)
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise  # the line broke, or the server stops
            return web.Response(status=503)
        return web.Response()

    async def _something(self) -> bool:
        """Whether there is news, within one long poll."""
        try:
            async with asyncio.timeout(self._line.patience.poll_s):
                while not self._waiting:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return bool(self._waiting)
        return True

    async def _look_whether_it_stands(self) -> None:
        """Silence may also mean that somebody sent our news elsewhere."""
        info = await self._line.bot.get_webhook_info()
        if info.url != self._place.url:
            raise Trouble("conflict", "our news goes elsewhere")

    def _all(self) -> list[_Brought]:
        return [*self._waiting, *(self._handed[1] if self._handed else [])]
