"""A page that one chat does not take: the chain's clocks go on, and a human hears of it."""

from sqlmodel import col, select

from commands.messages import At, message
from commands.people import row_id, with_role
from commands.places import direct_chats
from commands.rules.moments import MINUTE
from commands.tell import How, show_person
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Chain, OutboxRow, Page

LONG_MS = MINUTE  # a limited or restarted server is back by then


def has_waited_long(row: OutboxRow, now: int) -> bool:
    """True for a page that should have been on a telephone by `now` (UTC epoch milliseconds)."""
    is_page = row.lane == outbox.PAGES and row.page_id is not None
    return is_page and now - row.created_at > LONG_MS


async def tell_page_waits(unit: Unit, row: OutboxRow) -> None:
    """One line to the operators, once for this row, unless nobody is waited for any more."""
    page = await unit.session.get(Page, row.page_id)
    chain = await unit.session.get(Chain, page.chain_id) if page else None
    case = await unit.session.get(Case, row.case_id)
    if case is None or case.state != "open" or chain is None or chain.acked_at is not None:
        return
    text = message("operator.page_waits", ref=case.reference or "", time=At(row.created_at))
    slot = f"waits:{row.key}"
    for person in await with_role(unit, "operator"):
        if not await _told(unit, row_id(person), slot):
            how = How(loud=True, lane=outbox.REST)
            await show_person(unit, row_id(person), slot, text, how=how)


async def _told(unit: Unit, person_id: int, slot: str) -> bool:
    """Also by a former life of this process, and also if it was refused."""
    there = col(OutboxRow.destination).in_(direct_chats(person_id))
    line = select(OutboxRow.id).where(there, OutboxRow.slot == slot)
    return (await unit.session.exec(line.limit(1))).first() is not None
