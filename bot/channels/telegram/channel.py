"""The Telegram messenger: receiving and sending put together."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence

from bot.channels.base import Batch, ChannelDown, Delivery, Readiness, Receipt
from bot.channels.telegram import check, menu
from bot.channels.telegram.limits import Limiter
from bot.channels.telegram.line import Line, TelegramAccount
from bot.channels.telegram.receive import Receiver
from bot.channels.telegram.send import Sender
from bot.channels.telegram.taps import Taps
from bot.channels.telegram.trouble import REVOKED_FOR_MS, Trouble
from bot.channels.telegram.webhook import Webhook, WebhookPlace

FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 5_000  # an answer that waits at the server is a clock that runs on
BY_WEBHOOK = "webhook"  # in the server's words for a 409 that is nobody else's polling


class TelegramChannel:
    """Implements `Channel` for one bot."""

    name = "telegram"
    one_receiver = True

    def __init__(
        self,
        account: TelegramAccount,
        now: Callable[[], int],
        webhook: WebhookPlace | None = None,
        face: Sequence[menu.Part] = (),
        limiter: Limiter | None = None,
    ) -> None:
        """`now` is the wall clock, UTC epoch milliseconds. Without a webhook we poll. `face` is
        set at Telegram beside the start, where it stands otherwise."""
        self._now = now
        self._line = Line(account)
        self._taps = Taps(self._line.bot)
        self._receiver = Receiver(self._line, self._taps, now)
        self._place = webhook
        self._webhook = Webhook(self._line, webhook, self._receiver, now) if webhook else None
        self._sender = Sender(self._line, limiter or Limiter())
        self._face = face
        self._showing: asyncio.Task[bool] | None = None
        self._failures = 0
        self._open = False

    async def start(self, cursor: str | None) -> None:  # noqa: ARG002  (the server keeps all)
        """Find out who we are. Raises `ChannelDown`; sending works even so."""
        try:
            await self._line.open()
            if self._webhook is not None:
                await self._webhook.start()
        except Trouble as trouble:
            raise self._down(trouble) from trouble
        except OSError as error:
            reason = f"webhook: {error.strerror or type(error).__name__}"
            raise ChannelDown(reason, LONGEST_WAIT_MS) from error
        self._open, self._failures = True, 0
        if self._face and self._showing is None:
            self._showing = asyncio.create_task(menu.show(self._line.bot, self._face))

    async def receive(self, cursor: str | None) -> Batch:
        """As `Channel.receive`. After a failed start it first begins again."""
        if not self._open:
            await self.start(cursor)
        try:
            batch = await (self._webhook or self._receiver).poll(cursor)
        except Trouble as trouble:
            self._open = self._webhook is None  # it is set again, if it is gone
            raise self._down(trouble) from trouble
        self._failures = 0
        return batch

    async def send(self, delivery: Delivery) -> Receipt:
        return await self._sender.send(delivery)

    async def unsigned_devices(self, user: str) -> Sequence[str]:  # noqa: ARG002
        """Nobody has keys here."""
        return ()

    async def check(self) -> Sequence[Readiness]:
        url = self._place.url if self._place else ""
        return await check.lines(self._line, self._now, url, self._face)

    async def stop(self) -> None:
        if self._webhook is not None:
            await self._webhook.stop()
        if self._showing is not None:
            self._showing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._showing
        await self._taps.finish()
        await self._line.close()
        self._open = False

    def _down(self, trouble: Trouble) -> ChannelDown:
        """Longer waits the longer it lasts, but never shorter than the server asked."""
        if trouble.kind == "revoked":
            return ChannelDown(trouble.reason, REVOKED_FOR_MS, revoked=True)
        wait = min(FIRST_WAIT_MS * 2**self._failures, LONGEST_WAIT_MS)
        self._failures = min(self._failures + 1, 10)
        # spread out, so that after an outage not all come back at the same moment
        wait = int(wait * random.uniform(0.75, 1.0))  # noqa: S311
        if trouble.kind == "limited":
            wait = max(wait, trouble.after_ms)
        second = trouble.kind == "conflict" and BY_WEBHOOK not in trouble.reason.lower()
        return ChannelDown(trouble.reason, wait, second_poller=second)
