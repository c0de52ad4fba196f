"""The database's own clock beside the machine's, both real: a story clock is of no concern here.

Every instant in the rows is written by the machine, and with several instances by several. The
database is the one clock that they have in common.
"""

import time
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, TextClause, text

from bot.audit.findings import Finding

APART_MS = 2_000  # a page that is two seconds late is no harm, and NTP keeps within milliseconds

# UTC epoch milliseconds, at the very moment and not at the begin of the transaction.
_NOW: Mapping[str, TextClause] = {
    "sqlite": text("SELECT CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"),
    "postgresql": text("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"),
}


def apart(connection: Connection, machine: Callable[[], int]) -> int:
    """Milliseconds that the database is ahead of the machine. A slow answer is no difference:
    only what lies outside of asking and hearing counts."""
    before, begun = machine(), time.monotonic()
    there: int = connection.execute(_NOW[connection.dialect.name]).scalar_one()
    after = before + round((time.monotonic() - begun) * 1000)
    if there < before:
        return there - before
    return max(0, there - after)


def differ(apart_ms: int) -> tuple[Finding, ...]:
    """A finding, if it is too much."""
    if abs(apart_ms) <= APART_MS:
        return ()
    return (Finding("time", frozenset({"clock"}), amount=abs(apart_ms)),)
