"""`/health` and `/metrics` on loopback: what a watcher needs, and nothing about any case."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass

import structlog
from aiohttp import web
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from bot.metrics import Audit, Metrics
from storage.store import Store
from storage.tables import InboxRow, OutboxRow, TimerRow

log = structlog.get_logger(__name__)

_SLOW_SWEEP_MS = 30_000
_STOP_WITHIN_S = 0.5  # a watcher that asks at the end gets no answer


@dataclass(frozen=True)
class Health:
    """How the program stands. `ok` is what a watcher acts on; counts are rows.

    A finding of the auditor does not turn `ok` false: the program runs, and its operators know.
    That the auditor does not look any more does.
    """

    ok: bool
    ready: bool
    now: int
    inbox_open: int
    outbox_open: int
    timers_due: int
    oldest_unsent_page_ms: int | None
    last_sweep: int | None
    last_receive: dict[str, int]
    leads: Sequence[str]  # the messengers that this instance leads
    auditor: Audit | None  # None: it does not run in this instance
    up_ms: int

    @property
    def quiet(self) -> bool:
        """Nothing is waiting inside us: what the phones have now is all there is."""
        return self.ready and not (self.inbox_open or self.outbox_open or self.timers_due)


async def take_health(
    store: Store, metrics: Metrics, *, ready: bool, leads: Sequence[str] = ()
) -> Health:
    """Count what waits."""
    async with store.view() as unit:
        session = unit.session
        inbox = await session.exec(select(func.count()).where(InboxRow.state == "new"))
        outbox = await session.exec(
            select(func.count()).where(col(OutboxRow.state).in_(("pending", "sending")))
        )
        due = await session.exec(
            select(func.count()).where(TimerRow.state == "live", TimerRow.due_at <= unit.now)
        )
        oldest = await session.exec(
            select(func.min(OutboxRow.created_at)).where(
                col(OutboxRow.state).in_(("pending", "sending")), OutboxRow.lane == 0
            )
        )
        first, now = oldest.one(), unit.now
        waiting = {"inbox": inbox.one(), "outbox": outbox.one(), "timers": due.one()}
    oldest_ms = None if first is None else now - first
    metrics.waiting(waiting, oldest_ms)
    swept = metrics.last_sweep
    sweeps = swept is not None and now - swept < _SLOW_SWEEP_MS
    return Health(
        ok=ready and sweeps and not metrics.audit_is_late(),
        ready=ready,
        now=now,
        inbox_open=waiting["inbox"],
        outbox_open=waiting["outbox"],
        timers_due=waiting["timers"],
        oldest_unsent_page_ms=oldest_ms,
        last_sweep=swept,
        last_receive=dict(metrics.last_receive),
        leads=leads,
        auditor=metrics.audit,
        up_ms=metrics.up_ms(),
    )


class HealthServer:
    """A small web server on one address."""

    def __init__(
        self,
        health: Callable[[], Awaitable[Health]],
        metrics: Metrics,
        host: str,
        port: int,
        also: Sequence[web.RouteDef] = (),
    ) -> None:
        """`also` is what else is answered there."""
        self._also = also
        self._health = health
        self._metrics = metrics
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    async def start(self) -> int:
        """Listen; returns the port (useful when 0 asked for a free one)."""
        app = web.Application()
        app.router.add_get("/health", self._get_health)
        app.router.add_get("/metrics", self._get_metrics)
        app.router.add_routes(self._also)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_WITHIN_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _get_health(self, _request: web.Request) -> web.Response:
        health = await self._health()
        body = {**asdict(health), "quiet": health.quiet}
        return web.json_response(body, status=200 if health.ok else 503)

    async def _get_metrics(self, _request: web.Request) -> web.Response:
        try:
            await self._health()  # counts what waits
        except SQLAlchemyError as trouble:  # the other figures tell of it
            log.warning("not_counted", error_type=type(trouble).__name__)
        return web.Response(body=self._metrics.text(), content_type="text/plain", charset="utf-8")
