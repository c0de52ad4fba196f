"""A line to PostgreSQL that breaks at the worst moment: around a COMMIT, before it has arrived or
after it is done, so that whoever gave it cannot know."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine.url import URL, make_url

CHUNK = 1 << 16
COMMIT = b"COMMIT\x00"  # as the driver says it, with nothing behind it
HOST = "127.0.0.1"


class Relay:
    """Passes everything on, and cuts one COMMIT in so many while `one_in` is set. `cuts` counts
    them: how often it was done, and how often it was not."""

    def __init__(self, server: URL, seed: int) -> None:
        self._server = server
        self._random = random.Random(seed)
        self._port = 0
        self.one_in: int | None = None
        self.cuts: Counter[str] = Counter()

    @property
    def address(self) -> str:
        """As KORTELIJN_DATABASE_URL has it."""
        way = self._server.set(host=HOST, port=self._port)
        return way.render_as_string(hide_password=False)

    @staticmethod
    @asynccontextmanager
    async def to(address: str, seed: int) -> AsyncIterator["Relay"]:
        """In front of this database."""
        relay = Relay(make_url(address), seed)
        listening = await asyncio.start_server(relay._serve, HOST, 0)
        relay._port = listening.sockets[0].getsockname()[1]
        try:
            yield relay
        finally:
            listening.close()

    async def _serve(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection(self._server.host, self._server.port)
        returning = asyncio.create_task(_pass_on(answers, back))
        try:
            while chunk := await client.read(CHUNK):
                if COMMIT in chunk and self._unlucky():
                    await self._cut(chunk, returning, answers, server)
                    return
                server.write(chunk)
                await server.drain()
        except ConnectionError:
            return
        finally:
            returning.cancel()
            await asyncio.gather(returning, return_exceptions=True)
            for end in (server, back):
                end.transport.abort()

    def _unlucky(self) -> bool:
        return self.one_in is not None and self._random.randrange(self.one_in) == 0

    async def _cut(
        self,
        commit: bytes,
        returning: asyncio.Task[None],
        answers: asyncio.StreamReader,
        server: asyncio.StreamWriter,
    ) -> None:
        """The way back is closed first, so that no answer passes."""
        done = self._random.random() < 0.5
        self.cuts["done" if done else "not done"] += 1
        returning.cancel()
        await asyncio.gather(returning, return_exceptions=True)
        if done:
            server.write(commit)
            await answers.read(1)


async def _pass_on(answers: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    try:
        while chunk := await answers.read(CHUNK):
            back.write(chunk)
            await back.drain()
    except ConnectionError:
        return
    finally:
        back.close()
