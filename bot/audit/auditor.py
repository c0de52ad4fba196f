"""The second pair of eyes: every minute, by other code than the engine, over every open case.

It only looks and tells; it mends nothing. The heartbeat goes out only after a look that found
nothing, so whoever watches there hears of a broken promise, of a look that failed, and of a
program or machine that is gone, all in the same way: by silence.
"""

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.audit.findings import Finding, Look, still
from bot.audit.heartbeat import Heartbeat
from bot.audit.lines import AuditLines
from bot.audit.witness import Witness
from bot.metrics import Metrics
from bot.operator_lines import OperatorLines, kind_of
from storage.store import Store

log = structlog.get_logger(__name__)

EVERY_S = 60.0
AGAIN_S = 10.0  # what is found is looked at once more before anybody hears of it
_LOGGED = 20  # names of rows
_BLIND = Finding("look", frozenset({"look"}))


class Auditor:
    """Looks for ever, or once when it is asked to. Run it in one instance only."""

    def __init__(
        self,
        store: Store,
        machine: Callable[[], int],
        metrics: Metrics,
        operators: OperatorLines,
        heartbeat: Heartbeat | None = None,
        *,
        every_s: float = EVERY_S,
        again_s: float = AGAIN_S,
    ) -> None:
        """`machine` tells the real time, UTC epoch milliseconds, whatever clock the store has."""
        self._store = store
        self._metrics = metrics
        self._operators = operators
        self._heartbeat = heartbeat
        self._every_s, self._again_s = every_s, again_s
        self._witness = Witness(store.engine.url, machine)
        self._lines = AuditLines(store)

    async def audit_for_ever(self) -> None:
        """The first look comes after a minute: what waited while we were away goes out first."""
        self._lines.forget()
        self._witness.go()
        self._metrics.audit_begins()
        try:
            while True:
                await asyncio.sleep(self._every_s)
                await self.look_once()
        finally:
            self._witness.stop()
            self._metrics.audit_ends()

    async def look_once(self) -> tuple[Finding, ...]:
        """What does not hold, if a second look says the same: told and counted. The heartbeat
        goes out only if the last look saw nothing at all."""
        look, found = await self._look()
        if found:
            await asyncio.sleep(self._again_s)
            before = found
            look, found = await self._look()
            if look is not None:
                found = still(before, found)
        for finding in found:
            log.error("audit_finding", claim=finding.claim, rows=sorted(finding.rows)[:_LOGGED])
        if look is None:
            self._metrics.audit_failed()
        else:
            self._metrics.audited(self._store.now(), look, found)
        await self._tell(found, whole=look is not None)
        if look is not None and not look.findings and self._heartbeat is not None:
            await self._heartbeat.beat(self._store.now())
        return found

    async def _look(self) -> tuple[Look | None, tuple[Finding, ...]]:
        """The look, and what it found. One that fails is a finding itself."""
        try:
            look = await asyncio.to_thread(self._witness.look, self._store.now())
        except SQLAlchemyError as trouble:
            log.error("audit_failed", why=kind_of(trouble))
        except Exception as error:
            log.exception("audit_failed", error_type=type(error).__name__)
        else:
            return look, look.findings
        return None, (_BLIND,)

    async def _tell(self, found: tuple[Finding, ...], *, whole: bool) -> None:
        try:
            await self._lines.report(found, whole=whole)
        except SQLAlchemyError as trouble:  # told after the next look
            await self._operators.storage_trouble(trouble)
