"""Receive → commit → move the cursor; then act on what was committed, one by one.

Nothing is acted upon before it is committed, and the server is only told to forget (by the
next cursor) what is. Killed anywhere in between, the same updates come again or stand here.
"""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import structlog
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.channels.base import ChannelDown, Messenger, Say, Update
from bot.clock import Clock
from bot.cursors import Cursors
from bot.echoes import Echoes
from bot.kill_points import KillPoint, KillPoints
from bot.leader import Alone, Leader, while_leading
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines
from commands.handle_update import handle_update
from commands.messages import At, Number, message
from commands.spoken import Voice
from commands.update import update_from
from commands.world import World
from storage import inbox
from storage.store import Store
from storage.tables import InboxRow

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3
_REST_AFTER_TROUBLE_MS = 2_000
_REMEMBER_S = 10.0  # the cursor is written at least so often
_ANSWERS_FIRST_S = 0.15
_FOR_WHO_LEADS = ("sent", "unreadable", "invited")
_BREAK_S = 90.0  # longer than a long poll: we were away


class Inbox:
    """One receiving loop per channel, one working loop for all."""

    def __init__(
        self,
        store: Store,
        world: World,
        clock: Clock,
        kill: KillPoints,
        metrics: Metrics,
        operators: OperatorLines,
        sent: Callable[[], Awaitable[None]],
        leader: Leader | None = None,
        echoes: Echoes | None = None,
        instance: str | None = None,
    ) -> None:
        """`instance` is our name among others, `echoes` is filled with what they sent."""
        self._store = store
        self._world = world
        self._clock = clock
        self._kill = kill
        self._metrics = metrics
        self._operators = operators
        self._leader: Leader = leader or Alone()
        self._echoes = echoes or Echoes()
        self._cursors = Cursors(store, instance)
        self._sent = sent  # returns when everything that can go now has gone
        self._channels: dict[str, Messenger] = {}
        self._kept_at: dict[str, float] = {}  # channel → monotonic, when we last committed news
        self._heard_until: dict[str, int] = {}  # the same on the clock, also of an earlier life
        self.caught_up = asyncio.Event()  # what waited for us at the start has been acted upon
        self._heard: set[str] = set()  # channels that told what waited for us
        self._idle = asyncio.Event()
        self._bell = store.bell("inbox")

    def expect(self, channels: Iterable[Messenger]) -> None:
        """These will be received from; what waits there is part of what we catch up with."""
        self._channels |= {channel.name: channel for channel in channels}

    async def cursor(self, channel: Messenger) -> str | None:
        """How far this channel was read before."""
        kept = await self._cursors.last(channel)
        if kept is not None:
            self._heard_until.setdefault(channel.name, kept.moved_at)
        return kept.position if kept else None

    async def receive_for_ever(self, channel: Messenger) -> None:
        """Keep receiving, as long as no other instance does where only one may."""
        self.expect([channel])
        if channel.one_receiver:
            await while_leading(self._leader, channel.name, partial(self._receive, channel))
        else:
            await self._receive(channel)

    def _leads(self, channel: Messenger) -> bool:
        return channel.name in self._leader.led()

    async def _receive(self, channel: Messenger) -> None:
        """A messenger that is away is waited for, longer and longer."""
        cursor = await self.cursor(channel)
        while True:
            try:
                batch = await channel.receive(cursor)
            except ChannelDown as down:
                if self._leads(channel):
                    await self._operators.channel_down(
                        channel.name, revoked=down.revoked, second_poller=down.second_poller
                    )
                    self._leader.cannot_reach(channel.name)
                log.warning("receiving_failed", channel=channel.name, why=down.reason)
                await asyncio.sleep(down.after_ms / 1000)
                continue
            await self._operators.channel_up(channel.name)
            self._kill.reach(KillPoint.RECEIVED)
            if not batch.updates and self._kept_lately(channel):
                cursor = batch.cursor
            elif await self._keep(channel, batch.updates, batch.cursor):
                cursor = batch.cursor
                if channel.name not in self._heard:
                    self._heard.add(channel.name)
                    self._bell.set()
                self._kill.reach(KillPoint.KEPT)
                self._metrics.received(channel.name, self._clock.now())
                if batch.updates:
                    await self._answer_first()

    def _kept_lately(self, channel: Messenger) -> bool:
        """What we sent ourselves comes back as news without news; nothing is lost if a start
        reads it again."""
        return self._quiet_for_s(channel) < _REMEMBER_S

    def _quiet_for_s(self, channel: Messenger) -> float:
        """How long ago we last committed what this messenger told."""
        return time.monotonic() - self._kept_at.get(channel.name, float("-inf"))

    async def _answer_first(self) -> None:
        """Asking for more news takes the server's time while pages and answers need it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ANSWERS_FIRST_S):
                await self._idle.wait()
                await self._sent()

    def _ours_to_keep(self, channel: Messenger, updates: tuple[Update, ...]) -> list[Update]:
        """Who stands by commits what it hears as well: what the other one misses is not lost. But
        what it cannot read, or the server tells each of us apart, is for who leads."""
        if self._leads(channel):
            return list(updates)
        for update in updates:
            if update.kind == "sent":
                self._echoes.note(channel.name, update)
        return [update for update in updates if update.kind not in _FOR_WHO_LEADS]

    async def _keep(self, channel: Messenger, updates: tuple[Update, ...], cursor: str) -> bool:
        ours = self._ours_to_keep(channel, updates)
        rows = [
            dataclasses.asdict(dataclasses.replace(update, at=self._when(channel, update)))
            for update in ours
        ]
        kept = self._cursors.to_keep(channel, cursor, leads=self._leads(channel))
        try:
            async with self._store.unit() as unit:
                reader = self._cursors.of(channel)
                if await inbox.keep(unit, channel.name, rows, kept, reader=reader):
                    self._idle.clear()
        except SQLAlchemyError as trouble:
            await self._operators.storage_trouble(trouble)
            for update in ours:
                await self._say_it_waits(channel, update)
            await asyncio.sleep(_REST_AFTER_TROUBLE_MS / 1000)
            return False
        self._kept_at[channel.name] = time.monotonic()
        self._heard_until[channel.name] = self._clock.now()
        return True

    def _when(self, channel: Messenger, update: Update) -> int:
        """When it happened, on our clock. The server's clock may be wrong: news is never from
        the future, and while we listen without a break it is never old."""
        now = self._clock.now()
        at = min(self._clock.from_wall(update.at), now)
        listening = self._quiet_for_s(channel) < _BREAK_S
        if not update.timed and not listening:  # it may be as old as our absence
            return min(self._heard_until.get(channel.name, now), now)
        return max(at, now - int(_BREAK_S * 1000)) if listening else at

    async def _say_it_waits(self, channel: Messenger, update: Update) -> None:
        """The database cannot take it now: the writer must know that, past the outbox.

        The same key again is the same message, so trying again tells nobody twice.
        """
        if update.kind not in ("text", "tap") or not self._leads(channel):
            return
        region = self._world.region
        voice = Voice(region, region.language, self._clock.now())
        text = voice.text(message("wrong.busy", help_number=Number(region.help_number)))
        await channel.send(Say(update.room, f"busy-{update.update_id}", text, loud=True))

    async def work_for_ever(self) -> None:
        """Act on every committed update, oldest first."""
        while True:
            try:
                more = await self._work_one()
            except SQLAlchemyError as trouble:  # also setting aside takes a database that works
                await self._operators.storage_trouble(trouble)
                await asyncio.sleep(_REST_AFTER_TROUBLE_MS / 1000)
                continue
            if not more:
                if self._heard and self._heard >= self._to_hear():
                    self.caught_up.set()
                self._idle.set()
                await self._clock.wait(None, 1_000, self._bell)

    def _to_hear(self) -> set[str]:
        """Channels that tell us what waited. One with a single receiver tells it to its leader."""
        channels = self._channels.values()
        return {each.name for each in channels if not each.one_receiver or self._leads(each)}

    async def _work_one(self) -> bool:
        """Act on the oldest update; True if more may wait."""
        row: InboxRow | None = None
        channel: Messenger | None = None
        update: Update | None = None
        try:
            async with self._store.unit() as unit:
                found = await inbox.next_new(unit)
                if found is None:
                    return False
                row, more = found
                channel = self._channels.get(row.channel)
                update = update_from(inbox.opened(unit, row))
                await handle_update(unit, self._world, row.channel, update)
                inbox.finish(unit, row)
                self._metrics.handled(unit.now - row.received_at)
                self._kill.reach(KillPoint.DECIDED)
            self._kill.reach(KillPoint.DONE)
        except OperationalError as trouble:
            await self._operators.storage_trouble(trouble)
            if channel is not None and update is not None:
                await self._say_it_waits(channel, update)
            await asyncio.sleep(_REST_AFTER_TROUBLE_MS / 1000)
            return True
        except Exception as error:
            log.exception("update_failed", error_type=type(error).__name__)
            await self._set_aside(row, type(error).__name__)
            return True
        await self._operators.storage_works()
        return more

    async def _set_aside(self, failed: InboxRow | None, error: str) -> None:
        """One update that cannot be handled never stalls the others."""
        number = inspect(failed).identity if failed is not None else None
        if not number:
            return
        async with self._store.unit() as unit:
            row = await unit.session.get(InboxRow, number[0])
            if row is None:
                return
            row.attempts += 1
            if row.attempts < MOST_ATTEMPTS:
                return
            inbox.set_aside(unit, row, error)
            await self._operators.tell(
                unit, message("operator.quarantine", time=At(unit.now), row=row.id or 0)
            )
