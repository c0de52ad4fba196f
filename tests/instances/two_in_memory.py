"""Two instances of the bot on one database, without their loops: every step is taken by hand.

The messenger is in memory. It knows a key again only from the same instance, as Matrix does from
the same device, and shows each of them what the other one sent.
"""

from dataclasses import dataclass, field

from bot.channels.base import Say
from bot.compose import Composed, Composer, chats_of
from bot.echoes import Echoes
from commands.delivered import accepted
from commands.handle_update import handle_update
from commands.sent_elsewhere import sent_elsewhere
from commands.timers import fire
from commands.update import Update, update_from
from storage import inbox, leases, outbox, timers
from storage.store import Store
from storage.tables import OutboxRow
from tests.commands.harness import Desk

CHANNEL = "matrix"
PAGE = "🔴 Alarm"
KNOWN = (CHANNEL, "telegram", "fallback")


@dataclass
class Sent:
    """A row whose message the server has, and which is not marked yet."""

    row: OutboxRow
    composed: Composed
    ids: tuple[str, ...]


@dataclass
class One:
    """One instance. What is in here dies with it."""

    store: Store
    sent: list[Sent] = field(default_factory=list)
    echoes: Echoes = field(default_factory=Echoes)
    told: list[Update] = field(default_factory=list)  # what the server tells the other one of it
    by_key: dict[str, tuple[str, ...]] = field(default_factory=dict)  # as the server knows them


class Two:
    """Both, and the desk whose phones they reach. The first one leads at the beginning."""

    def __init__(self, desk: Desk, stores: tuple[Store, Store]) -> None:
        self.desk = desk
        self.both = [One(store) for store in stores]
        self.leader = 0
        self.pages: dict[str, list[str]] = {}  # room → events that were a page when they came

    async def happens(self, update: Update) -> None:
        """Both hear it, and both commit it."""
        for one in self.both:
            async with one.store.unit() as unit:
                row = {name: getattr(update, name) for name in update.__dataclass_fields__}
                await inbox.keep(unit, CHANNEL, [row], "cursor", reader=f"{CHANNEL} {id(one)}")

    async def act(self, which: int) -> bool:
        """Act on one update; False if there is none."""
        async with self.both[which].store.unit() as unit:
            found = await inbox.next_new(unit)
            if found is None:
                return False
            update = update_from(inbox.opened(unit, found[0]))
            await handle_update(unit, self.desk.world, CHANNEL, update)
            inbox.finish(unit, found[0])
        return True

    async def sweep(self, which: int) -> bool:
        """Fire one timer; False if none is due."""
        async with self.both[which].store.unit() as unit:
            due = await timers.claim_due(unit, 1)
            for timer in due:
                await fire(unit, self.desk.world, timer)
        return bool(due)

    async def send(self, which: int) -> bool:
        """Have the server take what may go, and mark nothing yet; False if nothing may go."""
        one = self.both[which]
        if which != self.leader:
            return False
        async with one.store.unit() as unit:
            rows = await leases.claim(unit, limit=50, lanes=outbox.HEADLINES)
            chats = await chats_of(unit, rows)
            composer = Composer(self.desk.world)
            ready = [(row, await composer.compose(unit, row, chats)) for row in rows]
            for row, composed in ready:
                if not isinstance(composed, Composed):
                    outbox.finish(unit, row, composed)
        for row, composed in ready:
            if isinstance(composed, Composed):
                one.sent.append(Sent(row, composed, self._deliver(which, composed)))
        return bool(rows)

    async def mark(self, which: int) -> bool:
        """Mark the oldest that was taken; False if there is none."""
        one = self.both[which]
        if not one.sent:
            return False
        sent = one.sent.pop(0)
        async with one.store.unit() as unit:
            row = await unit.session.get(OutboxRow, sent.row.id, with_for_update=True)
            assert row is not None
            where, meaning = sent.composed.room, sent.composed.meaning
            await accepted(unit, self.desk.world, row, meaning, where, sent.ids)
        return True

    async def die(self, which: int) -> None:
        """It is gone with all that it knew, and comes back without the lead. What the other one
        sent of late it reads once more."""
        one, other = self.both[which], self.both[1 - which]
        one.sent.clear()
        one.echoes = Echoes()
        for news in other.told:
            one.echoes.note(CHANNEL, news)
        if which == self.leader:
            self.leader = 1 - which
            await self._take_over()

    async def settle(self) -> None:
        """Until nobody has anything to do."""
        for _ in range(300):
            busy = [await self.act(0), await self.sweep(1), await self.send(self.leader)]
            while await self.mark(0) or await self.mark(1):
                busy.append(True)
            if not any(busy):
                return
        raise AssertionError("they never come to rest")

    async def _take_over(self) -> None:
        """As the dispatcher does."""
        one = self.both[self.leader]
        async with one.store.unit() as unit:
            for echo in one.echoes.of([CHANNEL]):
                await sent_elsewhere(unit, self.desk.world, echo)
            await leases.release_leases(unit, [CHANNEL], known=KNOWN)
        one.echoes.forget([CHANNEL])

    def _deliver(self, which: int, composed: Composed) -> tuple[str, ...]:
        one, delivery = self.both[which], composed.delivery
        if delivery.key not in one.by_key:
            one.by_key[delivery.key] = ids = tuple(self.desk._do(delivery))
            if isinstance(delivery, Say):
                if delivery.replaces is None and delivery.text.startswith(PAGE):
                    self.pages.setdefault(delivery.room, []).append(ids[0])
                news = Update(ids[0], "sent", delivery.room, "@bot", 0, text=delivery.key)
                one.told.append(news)
                self.both[1 - which].echoes.note(CHANNEL, news)
        return one.by_key[delivery.key]
