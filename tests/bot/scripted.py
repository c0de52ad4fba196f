"""The real dispatcher with a messenger that answers as the test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

from structlog.testing import capture_logs

from bot.channels.base import Accepted, Channel, Delivery, Receipt
from bot.dispatcher import Dispatcher
from bot.kill_points import KillPoints
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from tests.commands.harness import Desk

Answer = Callable[[Delivery], Awaitable[Receipt | None]]


class Scripted:
    """Puts what it accepts on the screens of the desk. `answer` may say otherwise: a receipt,
    or None for what it has no opinion on; it may also hang."""

    name = "matrix"
    one_receiver = False

    def __init__(self, desk: Desk, answer: Answer) -> None:
        self._desk = desk
        self._answer = answer

    async def send(self, delivery: Delivery) -> Receipt:
        receipt = await self._answer(delivery)
        return Accepted(tuple(self._desk._do(delivery))) if receipt is None else receipt


@asynccontextmanager
async def sending(
    desk: Desk, answer: Answer, *, pages_alone_s: float = 60.0, fallback: Channel | None = None
) -> AsyncIterator[OperatorLines]:
    """Everything that is queued goes out in here, and only in here."""
    metrics = Metrics()
    operators = OperatorLines(desk.store, metrics)
    dispatcher = Dispatcher(
        desk.store,
        desk.world,
        {
            "matrix": cast(Channel, Scripted(desk, answer)),
            **({fallback.name: fallback} if fallback else {}),
        },
        KillPoints(),
        metrics,
        operators,
        headline_every_ms=0,
        pages_alone_s=pages_alone_s,
    )
    with capture_logs():  # drawing a traceback for a console takes seconds
        loop = asyncio.create_task(dispatcher.dispatch_for_ever())
        try:
            yield operators
        finally:
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop
            await dispatcher.finish(1.0)


async def until(done: Callable[[], Awaitable[bool]], *, within_s: float = 60.0) -> None:
    """Wait for something to become true; the time guards against hanging only."""
    async with asyncio.timeout(within_s):
        while not await done():
            await asyncio.sleep(0.005)
