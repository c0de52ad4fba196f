"""Cases that are about to be used, read at once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.store import Unit
from storage.tables import Case, OutboxRow, TimerRow


async def cases_of(unit: Unit, rows: Iterable[OutboxRow | TimerRow]) -> Sequence[Case]:
    """The cases that these rows belong to. Who holds the answer has them at hand: one by one
    each would be a question, and each question writes first what the row before it changed."""
    ids = {row.case_id for row in rows if row.case_id is not None}
    if not ids:
        return ()
    return (await unit.session.exec(_THESE, params={"ids": sorted(ids)})).all()


_THESE = select(Case).where(col(Case.id).in_(bindparam("ids", expanding=True)))
