"""What a job of the calendar must do once for each period, whatever process does it."""

from sqlalchemy.exc import IntegrityError

from storage.store import Unit
from storage.tables import DoneJob


async def once(unit: Unit, job: str, period: str) -> bool:
    """True, and written down in this transaction, if it was not done for this period yet."""
    if await unit.session.get(DoneJob, (job, period)) is not None:
        return False
    try:
        async with unit.session.begin_nested():
            unit.session.add(DoneJob(job=job, period=period, done_at=unit.now))
    except IntegrityError:  # another process did it since we looked
        return False
    return True
