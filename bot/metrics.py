"""Figures for the operator: counts and times, never who or what."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_MS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 30_000, 300_000)


class Metrics:
    """What `/metrics` tells; all times in milliseconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._started = time.monotonic()
        self._received = Gauge(
            "kortelijn_last_receive_timestamp_ms",
            "When a channel last gave its news, on the program's clock",
            ["channel"],
            registry=self.registry,
        )
        self._handled = Histogram(
            "kortelijn_inbox_wait_ms",
            "From committing an update to having acted on it",
            buckets=_MS,
            registry=self.registry,
        )
        self._late = Histogram(
            "kortelijn_timer_lateness_ms",
            "From the instant a timer was due to firing it",
            buckets=_MS,
            registry=self.registry,
        )
        self._sent = Histogram(
            "kortelijn_outbox_wait_ms",
            "From queueing to acceptance by the messenger's server",
            ["kind"],
            buckets=_MS,
            registry=self.registry,
        )
        self._down = Gauge(
            "kortelijn_channel_down",
            "1 while a messenger is away",
            ["channel"],
            registry=self.registry,
        )
        self._troubles = Counter(
            "kortelijn_storage_troubles", "Database errors seen", registry=self.registry
        )
        self.last_sweep: int | None = None
        self.last_receive: dict[str, int] = {}

    def received(self, channel: str, now: int) -> None:
        """A channel gave its news and it was committed."""
        self.last_receive[channel] = now
        self._received.labels(channel).set(now)

    def handled(self, waited_ms: int) -> None:
        """An update was acted upon."""
        self._handled.observe(max(0, waited_ms))

    def swept(self, now: int) -> None:
        """No timer that is due is left."""
        self.last_sweep = now

    def timer_late(self, late_ms: int) -> None:
        """A timer fired."""
        self._late.observe(max(0, late_ms))

    def sent(self, kind: str, waited_ms: int) -> None:
        """A row was accepted by a server."""
        self._sent.labels(kind).observe(max(0, waited_ms))

    def channel_down(self, channel: str, *, down: bool) -> None:
        """A messenger went away or came back."""
        self._down.labels(channel).set(int(down))

    def storage_trouble(self) -> None:
        """The database refused something."""
        self._troubles.inc()

    def text(self) -> bytes:
        """In Prometheus' own format."""
        return generate_latest(self.registry)

    def up_ms(self) -> int:
        """How long this process runs."""
        return int((time.monotonic() - self._started) * 1000)
