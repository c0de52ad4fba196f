"""A gateway for the third way out, put up in a test: it takes what `apprise` sends by HTTP.

It stands in for whoever sells SMS, e-mail or voice. What arrived stands in `got`, and a gateway
that is to be ill refuses (`status`), keeps silent (`hangs`), or is not there (`goes_down`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web


@dataclass(frozen=True)
class Arrived:
    """One message as the gateway would pass it on."""

    to: str  # number or address
    text: str
    title: str


class Gateway:
    """A context: listens on a free port of this machine, and at the same one after `goes_down`."""

    def __init__(self) -> None:
        self.got: list[Arrived] = []
        self.asked = 0  # requests, also those that it refused or never answered
        self.status = 200  # what it answers with
        self.hangs = False
        self._port = 0
        self._server: web.AppRunner | None = None
        self._changed = asyncio.Event()
        self._let_go = asyncio.Event()

    def url(self, more: str = "") -> str:
        """For `[gateways]`; `more` is what stands behind it, such as "?rto=60"."""
        return f"json://127.0.0.1:{self._port}/{{to}}{more}"

    def told(self, to: str) -> list[str]:
        """What this number or address was sent, oldest first."""
        return [each.text for each in self.got if each.to == to]

    async def until_asked(self, times: int = 1) -> None:
        """Wait until it was called so often."""
        async with asyncio.timeout(60):  # guards against hanging only
            while self.asked < times:
                self._changed.clear()
                await self._changed.wait()

    async def __aenter__(self) -> Self:
        await self.comes_back()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.goes_down()

    async def comes_back(self) -> None:
        """Listen."""
        self._let_go.clear()
        app = web.Application()
        app.router.add_post("/{to:.*}", self._take)
        self._server = web.AppRunner(app, shutdown_timeout=0)
        await self._server.setup()
        site = web.TCPSite(self._server, "127.0.0.1", self._port)
        await site.start()
        self._port = self._server.addresses[0][1]

    async def goes_down(self) -> None:
        """Refuse every connection; who is still waiting for an answer gets none."""
        self._let_go.set()
        if self._server is not None:
            await self._server.cleanup()
        self._server = None

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked += 1
        self._changed.set()
        if self.hangs:
            await self._let_go.wait()
            return web.Response(status=504)
        if self.status < 400:
            to = unquote(request.match_info["to"])
            self.got.append(Arrived(to, body["message"], body["title"]))
        return web.Response(status=self.status)


def write_fallback(
    secrets: Path, gateways: Mapping[str, str], people: Mapping[str, Mapping[str, str]]
) -> Path:
    """Write `fallback.toml`: names with their URL, and by person the number at a gateway."""
    lines = ["[gateways]", *(f'{name} = "{url}"' for name, url in gateways.items())]
    for person, ways in people.items():
        lines += [f"[people.{person}]", *(f'{name} = "{to}"' for name, to in ways.items())]
    path = secrets / "fallback.toml"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
