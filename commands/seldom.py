"""What must not be said too often. Remembered in a row, so a restart does not forget it."""

from storage.store import Unit
from storage.tables import DoneJob

_LAST = "last"


async def not_lately(unit: Unit, what: str, span_ms: int) -> bool:
    """True, and written down as done now, if `what` was not done in the last `span_ms`."""
    done = await unit.session.get(DoneJob, (what, _LAST))
    if done is None:
        unit.session.add(DoneJob(job=what, period=_LAST, done_at=unit.now))
        return True
    if unit.now - done.done_at < span_ms:
        return False
    done.done_at = unit.now
    return True
