"""The wire: HTTP on this machine, with faults as they were ordered."""

import asyncio
import inspect
import json
import re
import time
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.kit.telegram import faults, files
from tests.kit.telegram.methods import METHODS
from tests.kit.telegram.page import as_html
from tests.kit.telegram.refusal import Json, Refused
from tests.kit.telegram.traffic import Call
from tests.kit.telegram.world import World

TOKEN_FORM = re.compile(r"\d+:[\w-]{35,}")
LARGEST_REQUEST = 60 * 1024 * 1024
HOST = "127.0.0.1"


class Wire:
    """Serves a world. Can be closed and opened again at the same port."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Listen; the first time a free port is taken."""
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.on_response_prepare.append(self._date)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._give)
        app.router.add_get("/", self._look)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Cut everything that is open and refuse what comes."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _date(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Clients read the server's clock off its answers."""
        answer.headers["Date"] = formatdate(self._world.clock.seconds(), usegmt=True)

    async def _look(self, request: web.Request) -> web.Response:
        return web.Response(text=as_html(self._world), content_type="text/html")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        """The file endpoint. It knows no parameters and answers with the bytes themselves; its
        faults are those of `file`."""
        if request.match_info["token"] != self._world.token:
            return _answer(Refused(401, "Unauthorized"))
        self._world.violations += [f"file: unknown {name}" for name in request.query]
        fault = self._world.faults.meet("file", {})
        if isinstance(fault, faults.Refuse):
            return _answer(fault.refusal())
        if isinstance(fault, faults.Cut):
            return _cut(request)
        content = files.content_at(self._world, request.match_info["path"])
        if content is None:
            return _answer(Refused(404, "Not Found"))
        return web.Response(body=content, content_type="application/octet-stream")

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        token = request.match_info["token"]
        if token != self._world.token:
            revoked = TOKEN_FORM.fullmatch(token)
            return _answer(Refused(401, "Unauthorized") if revoked else Refused(404, "Not Found"))
        read = self._world.judge.request(method, await _parameters(request))
        self._world.violations += read.errors + read.strangers
        parameters = read.parameters
        chat = parameters.get("chat_id")
        call = Call(
            at=self._world.clock.now(),
            real=time.monotonic(),
            method=method,
            chat=chat if isinstance(chat, int) else None,
            parameters=parameters,
        )
        self._world.log.calls.append(call)
        if method not in METHODS:
            if not read.errors:
                self._world.violations.append(f"{method}: this server does not have it")
            return _noted(call, _answer(Refused(404, "Not Found")))
        if read.errors:
            return _noted(call, _answer(Refused(400, f"Bad Request: {read.errors[0]}")))
        fault = self._world.faults.meet(method, parameters) or self._world.log.too_fast(
            call, self._world.limits
        )
        return await self._with(fault, call, request)

    async def _with(
        self, fault: faults.Fault | None, call: Call, request: web.Request
    ) -> web.StreamResponse:
        if isinstance(fault, faults.Refuse):
            refused = fault.refusal()
            self._world.violations += self._world.judge.refusal(refused.body())
            return _noted(call, _answer(refused))
        if isinstance(fault, faults.Page):
            page = web.Response(status=fault.code, text=fault.text, content_type="text/html")
            return _noted(call, page)
        if isinstance(fault, faults.Slow):
            await asyncio.sleep(fault.delay_s)
        before = isinstance(fault, faults.Hang | faults.Cut) and not fault.carried_out
        if before and await self._broken(fault):
            return _cut(request)
        answer = await self._carry_out(call)
        if not before and await self._broken(fault):
            return _cut(request)
        if isinstance(fault, faults.Noise):
            answer = web.Response(body=fault.body, content_type="application/json")
        return _noted(call, answer)

    async def _carry_out(self, call: Call) -> web.Response:
        try:
            result: Any = METHODS[call.method](self._world, call.parameters)
            if inspect.isawaitable(result):
                result = await result
        except Refused as refused:
            self._world.violations += self._world.judge.refusal(refused.body())
            return _answer(refused)
        except Exception as error:  # a fault of this server: the test must fail on it
            self._world.violations.append(f"{call.method} broke this server: {error!r}")
            raise
        if call.method != "getUpdates":  # updates were checked one by one; some are meant to fail
            self._world.violations += self._world.judge.result(call.method, result)
        return web.json_response({"ok": True, "result": result})

    async def _broken(self, fault: faults.Fault | None) -> bool:
        """Whether the line is to be cut here; after a hang it is only if the server closes."""
        if not isinstance(fault, faults.Hang):
            return isinstance(fault, faults.Cut)
        waits = [asyncio.ensure_future(one.wait()) for one in (fault.released, self._closing)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return not fault.released.is_set()


def _answer(refused: Refused) -> web.Response:
    return web.json_response(refused.body(), status=refused.code)


def _noted(call: Call, answer: web.Response) -> web.Response:
    call.code = answer.status
    return answer


def _cut(request: web.Request) -> web.Response:
    """End the connection as a broken line does: no answer, not even half of one."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _parameters(request: web.Request) -> Json:
    """What came in the address, a form, a form with files, or JSON."""
    raw: Json = dict(request.query)
    if request.content_type == "application/json":
        sent: Json = json.loads(await request.text() or "{}")
        return raw | sent
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            raw[name] = (value.filename, value.file.read())
        else:
            raw[name] = value if isinstance(value, str) else bytes(value).decode()
    return raw
