"""What is about to be used, read at once: one by one each would be a question of its own, and each
question first writes what the row before it changed. Whoever holds the answer has it at hand.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.store import Unit
from storage.tables import Case, Chain, OutboxRow, Page, TimerRow


async def cases_of(unit: Unit, rows: Iterable[OutboxRow | TimerRow]) -> Sequence[Case]:
    """The cases that these rows belong to."""
    ids = {row.case_id for row in rows if row.case_id is not None}
    if not ids:
        return ()
    return (await unit.session.exec(_CASES, params={"ids": sorted(ids)})).all()


async def pages_of(unit: Unit, rows: Iterable[OutboxRow]) -> Sequence[tuple[Page, Chain]]:
    """The pages that these rows are, with their chains."""
    ids = {row.page_id for row in rows if row.page_id is not None}
    if not ids:
        return ()
    return (await unit.session.exec(_PAGES, params={"ids": sorted(ids)})).all()


_CASES = select(Case).where(col(Case.id).in_(bindparam("ids", expanding=True)))
_PAGES = (
    select(Page, Chain)
    .join(Chain, col(Chain.id) == col(Page.chain_id))
    .where(col(Page.id).in_(bindparam("ids", expanding=True)))
)
