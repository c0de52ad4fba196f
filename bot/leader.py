"""Which of the running instances holds the connection to a messenger.

Everybody acts on what came in and on clocks; who leads a messenger receives from it (where it
takes one receiver only) and sends to it, so that order, limits and what is known of the screens
are in one place. With SQLite there is one instance, and it leads everything.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine
from time import monotonic
from typing import Protocol

import structlog

from commands.places import FALLBACK
from storage.locks import ANSWERS_WITHIN_S, LineCut, LockLine
from storage.store import Unit

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.2
COUNT_EVERY_S = 1.0
REST_S = 10.0  # who could not reach a messenger lets another try it for so long


class Leader(Protocol):
    """What the loops ask of it."""

    def led(self) -> Collection[str]:
        """The messengers that are ours now."""
        ...

    async def ours(self, unit: Unit) -> Collection[str]:
        """The same, as surely as this transaction can know it."""
        ...

    async def change(self) -> None:
        """Return when `led` may have changed."""
        ...

    def cannot_reach(self, channel: str) -> None:
        """Let another instance try, if there is one."""
        ...


async def while_leading(
    leader: Leader, channel: str, doing: Callable[[], Coroutine[None, None, None]]
) -> None:
    """Do it whenever we lead this messenger; it is cancelled when we do so no more."""
    while True:
        while channel not in leader.led():
            await leader.change()
        task = asyncio.create_task(doing())
        try:
            while channel in leader.led():
                await asyncio.wait({task}, timeout=LOOK_EVERY_S)
                if task.done():
                    await task
                    return
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class Alone:
    """The only instance there is."""

    def __init__(self, channels: Collection[str] = ("matrix", "telegram", FALLBACK)) -> None:
        self._channels = frozenset(channels)

    def led(self) -> Collection[str]:
        return self._channels

    async def ours(self, _unit: Unit) -> Collection[str]:
        return self._channels

    async def change(self) -> None:
        await asyncio.Event().wait()

    def cannot_reach(self, channel: str) -> None:
        """Nobody else could."""


class Elected:
    """One of several on a database. Whoever gets a messenger's lock leads it, until it ends,
    stands still, or is cut off."""

    def __init__(
        self,
        url: str,
        region_id: str,
        channels: Collection[str],
        ring: Callable[[str], None],
        others: Callable[[bool], None],
    ) -> None:
        """`ring` is called with the name of a bell, `others` whenever others come or go."""
        self._url, self._region_id = url, region_id
        self._channels = tuple(channels)
        self._ring, self._others = ring, others
        self._line: LockLine | None = None
        self._led: frozenset[str] = frozenset()
        self._resting: dict[str, float] = {}  # channel → monotonic, left to others until then
        self._instances = 1
        self._changed = asyncio.Event()

    @property
    def instances(self) -> int:
        """How many run, ourselves included, as of the last second."""
        return self._instances

    def led(self) -> Collection[str]:
        """Nothing from the moment when others may think that we are gone."""
        line = self._line
        if line is None or monotonic() - line.heard_at > ANSWERS_WITHIN_S:
            return frozenset()
        return self._led

    async def ours(self, unit: Unit) -> Collection[str]:
        line, led = self._line, self.led()
        return await line.still_held(unit, led) if line is not None and led else frozenset()

    async def change(self) -> None:
        with contextlib.suppress(TimeoutError):  # that a line is answered again is no change of it
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._changed.wait()

    def cannot_reach(self, channel: str) -> None:
        if self._instances > 1 and channel in self._led:
            self._resting[channel] = monotonic() + REST_S

    async def lead_for_ever(self) -> None:
        """Keep the line, and take what is free."""
        while True:
            try:
                self._line = await LockLine.open(self._url, self._region_id)
                await self._hold(self._line)
            except LineCut as cut:
                log.warning("line_cut", why=str(cut))
            finally:
                line, self._line = self._line, None
                self._now_leads(frozenset())
                if line is not None:
                    await line.close()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _hold(self, line: LockLine) -> None:
        count_at = 0.0
        while True:
            held = set(self._led)
            for channel in self._channels:
                rests = self._resting.get(channel, 0) > monotonic()
                if channel in held and rests:
                    await line.let_go(channel)
                    held.discard(channel)
                elif channel not in held and not rests and await line.take(channel):
                    held.add(channel)
            self._now_leads(frozenset(held))
            if monotonic() >= count_at:
                count_at = monotonic() + COUNT_EVERY_S
                self._instances = await line.instances()
                self._others(self._instances > 1)
            elif len(held) == len(self._channels):
                await line.stir()
            for bell in await line.rings(LOOK_EVERY_S):
                self._ring(bell)

    def _now_leads(self, led: frozenset[str]) -> None:
        if led == self._led:
            return
        log.info("leads", channels=sorted(led), before=sorted(self._led))
        self._led = led
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        self._ring("outbox")  # what another one had on its way is ours to send, now
