"""A relay before a server that notes when a request began and when its answer was whole.

It passes bytes on as they come. Every client that is measured goes through one of its own, so
all of them are timed at the same place and pay the same for it. Times are `perf_counter`,
which is one clock for all processes of a machine.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from urllib.parse import parse_qsl, unquote

CALM_S = 0.2
LOOK_EVERY_S = 0.01


@dataclass
class Exchange:
    """One request and its answer. `answered` moves with every piece of the answer."""

    method: str
    target: str  # decoded path and query
    begun: float
    answered: float = 0.0
    _sent: bytearray = field(default_factory=bytearray, repr=False)
    _body: bytearray = field(default_factory=bytearray, repr=False)

    @property
    def asks_news(self) -> bool:
        """A question that waits for something to happen."""
        if self.method == "GET":
            return "/sync?" in self.target
        return self.method == "POST" and self.target.endswith("/getUpdates")

    @property
    def waits(self) -> bool:
        """A question for news that has no answer yet."""
        return self.asks_news and not self.answered

    @cached_property
    def form(self) -> dict[str, str]:
        """What was posted as a form, once it is there whole: it is read only once."""
        _, _, body = bytes(self._sent).partition(b"\r\n\r\n")
        return dict(parse_qsl(body.decode()))

    def tells(self, text: str) -> bool:
        """Whether the answer, news, contains this."""
        return text.encode() in self._body


class Wire:
    """Listens on a free port of loopback and relays to the server's."""

    def __init__(self, host: str, port: int) -> None:
        self.exchanges: list[Exchange] = []
        self.port = 0
        self._upstream = (host, port)
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()
        self._news = asyncio.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Near(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for line in list(self._lines):
            line.close()
        await asyncio.sleep(0)

    def forget(self) -> None:
        """Begin a fresh list; what is on its way keeps being relayed."""
        self.exchanges = [each for each in self.exchanges if not each.answered]

    async def until(self, happened: Callable[[list[Exchange]], bool], within_s: float) -> None:
        """Return once the list shows it. Raises `TimeoutError` that tells what it shows."""
        try:
            async with asyncio.timeout(within_s):
                while not happened(self.exchanges):
                    self._news = asyncio.Event()
                    await self._news.wait()
        except TimeoutError:
            shown = "\n".join(str(each) for each in self.exchanges)
            raise TimeoutError(f"this is all that was asked:\n{shown}") from None

    async def calm(self, within_s: float) -> None:
        """Return when nothing but waiting for news was under way for a moment."""
        async with asyncio.timeout(within_s):
            while self._busy():
                await asyncio.sleep(LOOK_EVERY_S)

    def _busy(self) -> bool:
        now = perf_counter()
        latest = max((each.answered or now for each in self.exchanges if not each.waits), default=0)
        return now - latest < CALM_S

    def _told(self) -> None:
        self._news.set()


class _Line:
    """One connection of the client with its twin to the server."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.near: asyncio.Transport | None = None
        self.far: asyncio.Transport | None = None
        self._waiting = bytearray()
        self._exchange: Exchange | None = None
        wire._lines.add(self)

    def asked(self, data: bytes) -> None:
        now = perf_counter()
        if self._exchange is None or self._exchange.answered:
            method, target, _ = data.split(b"\r\n", 1)[0].decode("ascii").split(" ", 2)
            self._exchange = Exchange(method, unquote(target), now)
            self.wire.exchanges.append(self._exchange)
            self.wire._told()
        if self._exchange.method == "POST":
            self._exchange._sent += data
        if self.far is None:
            self._waiting += data
        else:
            self.far.write(data)

    def reached(self, far: asyncio.Transport) -> None:
        self.far = far
        far.write(bytes(self._waiting))

    def answered(self, data: bytes) -> None:
        if self.near is not None:
            self.near.write(data)
        if self._exchange is not None:
            self._exchange.answered = perf_counter()
            if self._exchange.asks_news:
                self._exchange._body += data
            self.wire._told()

    def close(self) -> None:
        for transport in (self.near, self.far):
            if transport is not None:
                transport.close()
        self.wire._lines.discard(self)
        lost = self._exchange
        if lost is not None and not lost.answered and lost in self.wire.exchanges:
            self.wire.exchanges.remove(lost)  # nobody will answer it; the client asks again


class _Near(asyncio.Protocol):
    """The client's side."""

    def __init__(self, wire: Wire) -> None:
        self._line = _Line(wire)
        self._reaching: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line.near = transport
        self._reaching = asyncio.create_task(self._reach())

    async def _reach(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Far(self._line), *self._line.wire._upstream)
        except OSError:
            self._line.close()

    def data_received(self, data: bytes) -> None:
        self._line.asked(data)

    def connection_lost(self, _why: Exception | None) -> None:
        self._line.close()


class _Far(asyncio.Protocol):
    """The server's side."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line.reached(transport)

    def data_received(self, data: bytes) -> None:
        self._line.answered(data)

    def connection_lost(self, _why: Exception | None) -> None:
        self._line.close()
