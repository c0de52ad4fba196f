"""What follows when a gateway took a page, or never will."""

from sqlmodel import col, select

from commands.after_change import go_on_without
from commands.headline import refresh
from commands.messages import At, message
from commands.page_texts import way_word
from commands.people import by_id
from commands.places import FALLBACK, gateway_in, person_in
from commands.tell import tell_operators
from commands.world import World
from storage.store import Unit
from storage.tables import Case, OutboxRow, Page


async def gateway_took_it(unit: Unit, world: World, row: OutboxRow) -> None:
    """The headline says so. The page is not *called* by it: that a provider takes an SMS is no
    server of a messenger that has it, and certainly no phone."""
    page = await unit.session.get(Page, row.page_id)
    case = await unit.session.get(Case, row.case_id)
    if page is None or case is None or page.fallback_at is not None:
        return
    page.fallback_at, page.fallback_by = unit.now, gateway_in(row.destination)
    if case.state == "open":
        await refresh(unit, world, case)


async def gateway_failed(unit: Unit, world: World, row: OutboxRow) -> None:
    """The operator hears it. A page that nothing and nobody has goes on to the next at once; else
    its own clock goes on."""
    person_id = person_in(row.destination)
    if person_id is not None:
        person = await by_id(unit, person_id)
        way = way_word(gateway_in(row.destination))
        text = message("operator.no_fallback", way=way, label=person.label, time=At(unit.now))
        await tell_operators(unit, text)
    page = await unit.session.get(Page, row.page_id)
    if page is None or page.called_at is not None or page.fallback_at is not None:
        return
    if not await _another_tries(unit, row):
        await go_on_without(unit, world, page.id or 0)


async def _another_tries(unit: Unit, row: OutboxRow) -> bool:
    """Whether another gateway may still take the same page."""
    found = await unit.session.exec(
        select(OutboxRow.id).where(
            OutboxRow.page_id == row.page_id,
            OutboxRow.channel == FALLBACK,
            OutboxRow.id != row.id,
            col(OutboxRow.state).in_(("pending", "sending")),
        )
    )
    return found.first() is not None
