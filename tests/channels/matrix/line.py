"""A line to the homeserver that can be ill: a small reverse proxy that tests give faults to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, Self

import aiohttp
from aiohttp import web

Fault = Literal["html", "garbage", "limited", "revoked", "hang", "lost", "cut", "same", "empty"]
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Rule:
    fault: Fault
    path: str  # a fragment of the path
    times: int | None  # None: until healed


class Line:
    """Passes everything on, and keeps the list of what was asked."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._session: aiohttp.ClientSession
        self._rules: list[Rule] = []
        self._healed = asyncio.Event()
        self.asked: list[str] = []
        self.base_url = ""

    @classmethod
    @asynccontextmanager
    async def to(cls, target: str) -> AsyncIterator[Self]:
        line = cls(target)
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{path:.*}", line._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        line.base_url = f"http://{host}:{port}"
        async with aiohttp.ClientSession() as session:
            line._session = session
            try:
                yield line
            finally:
                line.heal()
                await runner.cleanup()

    def breaks(self, fault: Fault, path: str = "/", times: int | None = None) -> None:
        """The next requests whose path contains `path` meet this fault."""
        self._healed.clear()
        self._rules.append(Rule(fault, path, times))

    def heal(self) -> None:
        self._rules.clear()
        self._healed.set()

    def _fault(self, path: str) -> Fault | None:
        for rule in self._rules:
            if rule.path in path and rule.times != 0:
                if rule.times is not None:
                    rule.times -= 1
                return rule.fault
        return None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path
        self.asked.append(path)
        match self._fault(path):
            case "html":
                return web.Response(status=502, text=HTML, content_type="text/html")
            case "garbage":
                return web.Response(status=200, body=b'\xff\xfe{"a":', content_type="text/html")
            case "empty":
                return web.json_response({"next_batch": "s0", "rooms": [], "to_device": 7})
            case "limited":
                body = {"errcode": "M_LIMIT_EXCEEDED", "error": "", "retry_after_ms": 4_321}
                return web.json_response(body, status=429)
            case "revoked":
                return web.json_response({"errcode": "M_UNKNOWN_TOKEN", "error": ""}, status=401)
            case "hang":
                await self._healed.wait()
                _cut(request)
                return web.Response()
            case "same":  # says at once that nothing happened, and would do so for ever
                return web.json_response({"next_batch": request.query.get("since", "s0")})
            case "cut":
                _cut(request)
                return web.Response()
            case "lost":  # done, but the answer does not arrive
                await self._pass_on(request)
                _cut(request)
                return web.Response()
        return await self._pass_on(request)

    async def _pass_on(self, request: web.Request) -> web.Response:
        async with self._session.request(
            request.method,
            self._target + request.raw_path,
            headers={k: v for k, v in request.headers.items() if k != "Host"},
            data=await request.read(),
        ) as answer:
            kept = ("Content-Type", "Date", "Retry-After")
            headers = {k: v for k, v in answer.headers.items() if k in kept}
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
