"""Figures for the operator: counts and times, never who or what."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.audit.findings import CLAIMS, Finding, Look

_AUDIT_LATE_S = 180.0
_MS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 30_000, 300_000)


@dataclass(frozen=True)
class Audit:
    """What the auditor last did. Instants are the program's clock, UTC epoch milliseconds."""

    last_look: int | None = None
    clean: bool | None = None  # the last look saw nothing
    findings: Mapping[str, int] = field(default_factory=dict)  # rows by claim, seen twice
    took_ms: int | None = None
    open_cases: int | None = None
    last_heartbeat: int | None = None


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
        self._sent.labels("say")  # else nobody sees that the first one of a life is late
        self._down = Gauge(
            "kortelijn_channel_down",
            "1 while a messenger is away",
            ["channel"],
            registry=self.registry,
        )
        self._troubles = Counter(
            "kortelijn_storage_troubles", "Database errors seen", registry=self.registry
        )
        self._swept = Gauge(
            "kortelijn_last_sweep_timestamp_ms",
            "When no timer that was due was left, on the program's clock",
            registry=self.registry,
        )
        self._open = Gauge(
            "kortelijn_waiting_rows",
            "Rows that wait inside the program: inbox, outbox, timers that are due",
            ["queue"],
            registry=self.registry,
        )
        self._oldest_page = Gauge(
            "kortelijn_oldest_unsent_page_ms",
            "How long the oldest page waits to be accepted by a server; 0 if none does",
            registry=self.registry,
        )
        self._audit_look = Histogram(
            "kortelijn_auditor_look_ms",
            "How long the auditor took to look over all open cases",
            buckets=_MS,
            registry=self.registry,
        )
        self._audit_at = Gauge(
            "kortelijn_auditor_last_look_timestamp_ms",
            "When the auditor last saw everything, on the program's clock",
            registry=self.registry,
        )
        self._audit_findings = Gauge(
            "kortelijn_auditor_findings",
            "Rows for which a promise does not hold, by promise; seen in two looks",
            ["claim"],
            registry=self.registry,
        )
        self._audit_failures = Counter(
            "kortelijn_auditor_failures", "Looks that failed", registry=self.registry
        )
        self._apart = Gauge(
            "kortelijn_database_clock_ahead_ms",
            "How far the database's clock is ahead of this machine's",
            registry=self.registry,
        )
        self._heartbeat_at = Gauge(
            "kortelijn_heartbeat_timestamp_ms",
            "When the outbound heartbeat was last taken, on the program's clock",
            registry=self.registry,
        )
        self._heartbeat_failures = Counter(
            "kortelijn_heartbeat_failures", "Heartbeats that were not taken", registry=self.registry
        )
        self.audit: Audit | None = None  # None: no auditor in this instance
        self._audited_at = 0.0  # monotonic, of the last look or the begin
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
        self._swept.set(now)

    def waiting(self, rows: Mapping[str, int], oldest_page_ms: int | None) -> None:
        """What was counted just now, by queue."""
        for queue, count in rows.items():
            self._open.labels(queue).set(count)
        self._oldest_page.set(oldest_page_ms or 0)

    def audit_begins(self) -> None:
        """From now on this instance has the auditor."""
        self.audit = Audit()
        self._audited_at = time.monotonic()

    def audit_ends(self) -> None:
        """Another instance has it, or nobody."""
        self.audit = None
        self._audit_findings.clear()  # else they would stand there for ever

    def audited(self, now: int, look: Look, found: Iterable[Finding]) -> None:
        """The auditor saw everything; `found` is what it saw twice."""
        counts: dict[str, int] = {finding.claim: finding.count for finding in found}
        for claim in CLAIMS:
            self._audit_findings.labels(claim).set(counts.get(claim, 0))
        self._audit_look.observe(look.took_ms)
        self._audit_at.set(now)
        self._apart.set(look.apart_ms)
        self._audited_at = time.monotonic()
        self.audit = replace(
            self.audit or Audit(),
            last_look=now,
            clean=not look.findings,
            findings=counts,
            took_ms=round(look.took_ms),
            open_cases=look.cases,
        )

    def audit_failed(self) -> None:
        """The auditor could not look; nobody knows what it would have seen."""
        self._audit_failures.inc()
        self._audit_findings.labels("look").set(1)
        self.audit = replace(self.audit or Audit(), clean=None)

    def audit_is_late(self) -> bool:
        """True if this instance has an auditor that saw nothing of the rows for three minutes."""
        return self.audit is not None and time.monotonic() - self._audited_at > _AUDIT_LATE_S

    def heartbeat(self, now: int, *, taken: bool) -> None:
        """The address was asked for."""
        if not taken:
            self._heartbeat_failures.inc()
            return
        self._heartbeat_at.set(now)
        self.audit = replace(self.audit or Audit(), last_heartbeat=now)

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
