"""A push gateway on loopback: what Synapse calls when a phone is to ring. The one that a region
really has (of the maker of the app) gets exactly the same."""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

HANG_S = 60.0  # guards against hanging only


class PushGateway:
    """Keeps what it is told. A context manager: it listens within."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []  # whole bodies, oldest first
        self._port = 0
        self._server: web.AppRunner | None = None
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        """As a phone tells its homeserver; the path is prescribed."""
        return f"http://127.0.0.1:{self._port}/_matrix/push/v1/notify"

    def rung(self) -> list[dict[str, Any]]:
        """About new messages, oldest first; the others only set the number on the app's icon."""
        return [each["notification"] for each in self.told if "event_id" in each["notification"]]

    async def until_rung_about(self, event_id: str) -> dict[str, Any]:
        """Wait for the notification about this message. They come in the order of messages."""
        async with asyncio.timeout(HANG_S):
            while True:
                for each in self.rung():
                    if each["event_id"] == event_id:
                        return each
                self._changed.clear()
                await self._changed.wait()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/_matrix/push/v1/notify", self._take)
        self._server = web.AppRunner(app, shutdown_timeout=0)
        await self._server.setup()
        await web.TCPSite(self._server, "127.0.0.1", 0).start()
        self._port = self._server.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            await self._server.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.told.append(await request.json())
        self._changed.set()
        return web.json_response({"rejected": []})
