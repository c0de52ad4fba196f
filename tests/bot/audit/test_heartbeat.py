"""The heartbeat says that all is well, and nothing else; nothing that goes wrong there matters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from bot.audit.heartbeat import Heartbeat
from bot.metrics import Metrics

TOKEN = "een-geheim-token"


@pytest.fixture(autouse=True)
def database() -> str:
    """There is none here."""
    return ""


class Watcher:
    """Whoever watches there: a small server that answers `status`, or hangs."""

    def __init__(self) -> None:
        self.asked: list[web.BaseRequest] = []
        self.status = 200
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request)
        return web.Response(status=self.status, headers={"Location": f"{self.url}/elsewhere"})


@asynccontextmanager
async def watching() -> AsyncIterator[Watcher]:
    watcher = Watcher()
    runner = web.ServerRunner(web.Server(watcher.answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    watcher.url = f"http://127.0.0.1:{runner.addresses[0][1]}/{TOKEN}"
    try:
        yield watcher
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [200, 204])
async def test_it_asks_for_the_address_with_nothing_in_it(status: int) -> None:
    metrics = Metrics()
    async with watching() as watcher:
        watcher.status = status
        assert await Heartbeat(watcher.url, metrics).beat(5) is True
        request = watcher.asked[0]
        assert (request.method, request.path) == ("GET", f"/{TOKEN}")
        assert (request.query_string, request.can_read_body) == ("", False)
    assert metrics.audit is not None
    assert metrics.audit.last_heartbeat == 5


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_what_is_not_taken_is_counted_and_does_no_harm(status: int) -> None:
    metrics = Metrics()
    async with watching() as watcher:
        watcher.status = status
        with capture_logs() as lines:
            assert await Heartbeat(watcher.url, metrics).beat(5) is False
        assert len(watcher.asked) == 1, "it follows to no other address"
    assert [line["why"] for line in lines] == [f"HTTP {status}"]
    assert b"kortelijn_heartbeat_failures_total 1.0" in generate_latest(metrics.registry)


@pytest.mark.parametrize("url", [f"http://127.0.0.1:1/{TOKEN}", f"http://geen.invalid/{TOKEN}"])
async def test_nobody_there_does_no_harm_and_the_address_is_not_logged(url: str) -> None:
    with capture_logs() as lines:
        assert await Heartbeat(url, Metrics()).beat(5) is False
    assert TOKEN not in str(lines)
