"""What can go wrong, to order: the next so many requests of a method meet a fault.

    server.faults.once("sendMessage", Cut())
    server.faults.always("*", Flood(3), chat=anna.id)

A fault tells by `met` that it was met, so that no test needs to wait a while.
"""

import asyncio
from dataclasses import dataclass, field

from tests.kit.telegram.refusal import Json, Refused

ANY = "*"


@dataclass(eq=False)
class Fault:
    """Something that goes wrong with a request."""

    met: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    times_met: int = field(default=0, init=False)


@dataclass(eq=False)
class Refuse(Fault):
    """An answer with an error, as the API gives them. Nothing is carried out."""

    code: int = 400
    description: str = "Bad Request: MESSAGE_INVALID"
    parameters: dict[str, int] = field(default_factory=dict)

    def refusal(self) -> Refused:
        return Refused(self.code, self.description, **self.parameters)


class Flood(Refuse):
    """429, with how many seconds to wait."""

    def __init__(self, retry_after_s: int) -> None:
        told = {"retry_after": retry_after_s}
        super().__init__(429, f"Too Many Requests: retry after {retry_after_s}", told)


class ServerError(Refuse):
    """500, as JSON."""

    def __init__(self) -> None:
        super().__init__(500, "Internal Server Error")


@dataclass(eq=False)
class Page(Fault):
    """A web page of a proxy on the way in place of an answer. Nothing is carried out."""

    code: int = 502
    text: str = "<html><head><title>502 Bad Gateway</title></head></html>"


@dataclass(eq=False)
class Noise(Fault):
    """200 with a body that is no JSON. The request is carried out."""

    body: bytes = b'{"ok":true,"result":{"mess'


@dataclass(eq=False)
class Cut(Fault):
    """The connection breaks without an answer; `carried_out` says whether before or after."""

    carried_out: bool = True


@dataclass(eq=False)
class Hang(Fault):
    """No answer until the test calls `release`, or the server closes."""

    carried_out: bool = False  # before it hangs; if not, after the release
    released: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def release(self) -> None:
        """From now on it is only slow: everything that hangs is answered."""
        self.released.set()


@dataclass(eq=False)
class Slow(Fault):
    """Carried out after a while. Real seconds."""

    delay_s: float = 0.1


@dataclass(eq=False)
class Ordered:
    """A fault that waits for requests: `lift` takes it away."""

    method: str
    fault: Fault
    chat: int | None
    left: int | None  # None: for ever

    def lift(self) -> None:
        self.left = 0

    def fits(self, method: str, parameters: Json) -> bool:
        if self.left == 0 or self.method not in (ANY, method):
            return False
        return self.chat is None or parameters.get("chat_id") == self.chat


class Faults:
    """All faults that wait, the first ordered first."""

    def __init__(self) -> None:
        self._ordered: list[Ordered] = []

    def once(self, method: str, fault: Fault, *, chat: int | None = None) -> Ordered:
        return self.times(1, method, fault, chat=chat)

    def times(self, n: int, method: str, fault: Fault, *, chat: int | None = None) -> Ordered:
        """For the next `n` requests of `method` (`*` is any), to this chat only if one is given."""
        return self._order(Ordered(method, fault, chat, n))

    def always(self, method: str, fault: Fault, *, chat: int | None = None) -> Ordered:
        return self._order(Ordered(method, fault, chat, None))

    def clear(self) -> None:
        self._ordered.clear()

    def meet(self, method: str, parameters: Json) -> Fault | None:
        """The fault for this request."""
        for ordered in self._ordered:
            if ordered.fits(method, parameters):
                if ordered.left is not None:
                    ordered.left -= 1
                ordered.fault.times_met += 1
                ordered.fault.met.set()
                return ordered.fault
        return None

    def _order(self, ordered: Ordered) -> Ordered:
        self._ordered.append(ordered)
        return ordered
