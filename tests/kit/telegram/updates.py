"""The updates that wait for the bot: kept until confirmed, at most a day, one reader at a time."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.kit.telegram.refusal import Json, Refused

DAY_MS = 24 * 3600 * 1000
FIRST_UPDATE = 900_001
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
BY_WEBHOOK = "Conflict: terminated by setWebhook request"
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class Waiting:
    """An update and when it came (UTC epoch milliseconds)."""

    at: int
    update: Json

    @property
    def number(self) -> int:
        number: int = self.update["update_id"]
        return number


class Updates:
    """`check` holds each update against the description before it can leave."""

    def __init__(self, now: Callable[[], int], check: Callable[[Json], None]) -> None:
        self._now = now
        self._check = check
        self._numbers = itertools.count(FIRST_UPDATE)
        self._waiting: list[Waiting] = []
        self._confirmed: list[Waiting] = []
        self._allowed: list[str] = []
        self._changed = asyncio.Event()
        self._reader: asyncio.Future[str] | None = None

    # coming in

    def add(self, kind: str, content: Json) -> int | None:
        """Something happened; its number, or None when the bot does not want this kind."""
        if self._allowed and kind not in self._allowed:
            return None
        if not self._allowed and kind in NOT_BY_DEFAULT:
            return None
        update = {"update_id": next(self._numbers), kind: content}
        self._check(update)
        return self._put(update)

    def add_garbled(self, content: Json | None = None) -> int:
        """An update that no library can parse; it has a number, and that is all it has."""
        broken = content or {"message": {"message_id": "twaalf", "chat": 7, "date": "gisteren"}}
        return self._put({"update_id": next(self._numbers), **broken})

    def repeat(self, number: int) -> None:
        """Deliver an update once more, with its own number, even if it was confirmed."""
        known = [one for one in (*self._confirmed, *self._waiting) if one.number == number]
        self._waiting.insert(0, known[-1])
        self._wake()

    def _put(self, update: Json) -> int:
        self._waiting.append(Waiting(self._now(), update))
        self._wake()
        number: int = update["update_id"]
        return number

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    # going out

    @property
    def pending(self) -> list[Json]:
        """What was not confirmed yet, oldest first."""
        oldest = self._now() - DAY_MS
        self._waiting = [one for one in self._waiting if one.at > oldest]
        return [one.update for one in self._waiting]

    @property
    def confirmed(self) -> list[int]:
        """Numbers of the updates that the bot confirmed, in that order."""
        return [one.number for one in self._confirmed]

    @property
    def taken(self) -> list[Json]:
        """The updates that the bot confirmed, in that order."""
        return [one.update for one in self._confirmed]

    @property
    def allowed(self) -> list[str]:
        """The kinds that the bot asked for; empty is the API's default."""
        return self._allowed

    def want(self, kinds: list[str] | None) -> None:
        """From now on only these kinds; None leaves it as it was."""
        if kinds is not None:
            self._allowed = kinds

    def confirm(self, below: int) -> None:
        """Forget the updates with a number below this."""
        self._confirmed += [one for one in self._waiting if one.number < below]
        self._waiting = [one for one in self._waiting if one.number >= below]

    def drop(self) -> None:
        self._waiting.clear()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """A long poll. Raises `Refused` (409) when another reader comes while it waits."""
        self.release(OTHER_POLLER)
        if offset < 0:
            keep = self.pending[offset:]
            offset = keep[0]["update_id"] if keep else 0
        self.confirm(offset)
        me: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._reader = me
        deadline = asyncio.get_running_loop().time() + timeout_s
        try:
            while not (found := self.pending[:limit]):
                rest = deadline - asyncio.get_running_loop().time()
                if rest <= 0:
                    break
                await self._news(me, rest)
                if me.done():
                    raise Refused(409, me.result())
        finally:
            me.cancel()
            if self._reader is me:
                self._reader = None
        return found

    async def news(self) -> None:
        """Return when an update came in."""
        await self._changed.wait()

    def release(self, why: str) -> None:
        """Send a reader that waits away with a 409."""
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(why)

    async def _news(self, me: asyncio.Future[str], timeout_s: float) -> None:
        change = asyncio.ensure_future(self._changed.wait())
        either: set[asyncio.Future[Any]] = {me, change}
        await asyncio.wait(either, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        change.cancel()
