"""Every request that came, for asserting that a client keeps Telegram's limits."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tests.kit.telegram.faults import Flood
from tests.kit.telegram.refusal import Json

COUNTED = frozenset(
    {"sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup", "createForumTopic"}
)


@dataclass(eq=False)
class Call:
    """One request. `at`: the server's clock, UTC epoch milliseconds; `real`: seconds of a
    clock that only measures; `code`: the HTTP status answered, 0 if there was no answer.
    """

    at: int
    real: float
    method: str
    chat: int | None
    parameters: Json
    code: int = 0


@dataclass(frozen=True)
class Limits:
    """What the server takes: overall a second, one private chat a second, one group a minute."""

    per_second: int = 30
    chat_second: int = 3  # Telegram says one, and lets short bursts pass
    group_minute: int = 20


class Traffic:
    """The requests in order of coming."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls)

    def __len__(self) -> int:
        return len(self.calls)

    def of(self, method: str, *, chat: int | None = None) -> list[Call]:
        """The requests of one method, to one chat if it is given."""
        return [
            call
            for call in self.calls
            if call.method == method and (chat is None or call.chat == chat)
        ]

    def words(self) -> str:
        """Everything that the bot asked to be done or shown, one request a line."""
        return "\n".join(f"{call.method} {call.parameters}" for call in self.calls)

    def busiest(
        self,
        span_s: float,
        *,
        chat: int | None = None,
        methods: Collection[str] = COUNTED,
        by_clock: bool = False,
    ) -> int:
        """The most requests within any `span_s` seconds: per chat, or of all together.

        Counts what Telegram counts, unless `methods` says otherwise; in real time, or by the
        server's clock.
        """
        times = [
            call.at / 1000 if by_clock else call.real
            for call in self.calls
            if call.method in methods and chat in (None, call.chat)
        ]
        most, first = 0, 0
        for last, now in enumerate(times):
            while times[first] <= now - span_s:
                first += 1
            most = max(most, last - first + 1)
        return most

    def too_fast(self, call: Call, limits: Limits | None) -> Flood | None:
        """The 429 for a call that exceeds the limits, in real time; refused ones do not count."""
        if limits is None or call.method not in COUNTED:
            return None
        taken = [one for one in self.calls if one.code != 429 and one.method in COUNTED]
        group = call.chat is not None and call.chat < 0
        bounds = [(limits.per_second, 1.0, taken)]
        own = [one for one in taken if one.chat == call.chat]
        bounds.append((limits.group_minute, 60.0, own) if group else (limits.chat_second, 1.0, own))
        for most, span_s, calls in bounds:
            if sum(one.real > call.real - span_s for one in calls) > most:
                return Flood(math.ceil(span_s))
        return None

    def clear(self) -> None:
        self.calls.clear()
