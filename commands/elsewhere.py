"""No sign of the phone: the same page goes to the person's other messenger, and by fallback."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.after_change import go_on_without
from commands.fallback import call_by_fallback
from commands.page_texts import call_text, page_actions, page_slot
from commands.people import row_id
from commands.places import place_of
from commands.run_chain import load_page
from commands.tell import How, places_of, tell_identity
from commands.world import World
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Case, Identity, OutboxRow, Page

_NO_SIGN = ("queued", "called")
_TRIED = select(OutboxRow.destination).where(
    OutboxRow.page_id == bindparam("page"),
    OutboxRow.kind == "say",
    OutboxRow.state != "cancelled",
)


async def call_elsewhere(unit: Unit, world: World, page_id: int) -> None:
    """The clock of a page without a sign came due: every other way at once."""
    found = await load_page(unit, page_id)
    if found is not None and found[0].state in _NO_SIGN:
        await call_other_messenger(unit, page_id)
        await call_by_fallback(unit, world, *found)


async def reaches_nobody(unit: Unit, world: World, page_id: int) -> None:
    """No messenger takes this page for this person: on to the next, without waiting for a clock.
    Who has a fallback is tried by that as well."""
    found = await load_page(unit, page_id)
    if found is not None:
        await call_by_fallback(unit, world, *found)
        await go_on_without(unit, world, page_id)


async def call_other_messenger(unit: Unit, page_id: int) -> None:
    """It stays one page: whichever message is tapped takes it, and both then tell so. Nothing if
    there was a sign, or no other messenger."""
    found = await load_page(unit, page_id)
    if found is None:
        return
    page, chain, case = found
    if case.state != "open" or page.state not in _NO_SIGN or chain.acked_page_id is not None:
        return
    tried = set(await unit.session.exec(_TRIED, params={"page": page_id}))
    for identity in await _reachable(unit, page.person_id):
        if place_of(identity) not in tried:
            await call_on(unit, identity, page, case)


async def refused_there(unit: Unit, world: World, page_id: int, place: str) -> None:
    """One messenger will never take this page: at once to the other one, and only if there is
    none to the next person."""
    await call_other_messenger(unit, page_id)
    found = await load_page(unit, page_id)
    if found is None:
        return
    stands = await places_of(unit, found[0].person_id, page_slot(page_id))
    if not set(stands) - {place}:
        await reaches_nobody(unit, world, page_id)


async def call_on(unit: Unit, identity: Identity, page: Page, case: Case) -> None:
    """This page on one messenger more."""
    await note(unit, BOT, "share", "page", right="protocol", reference=case.reference)
    tell_identity(
        unit,
        identity,
        call_text(case, page, "first", unit.now),
        actions=page_actions(page),
        slot=page_slot(row_id(page)),
        how=How(loud=True, lane=outbox.PAGES, case=case, page_id=row_id(page)),
    )


async def _reachable(unit: Unit, person_id: int) -> list[Identity]:
    found = await unit.session.exec(
        select(Identity)
        .where(Identity.person_id == person_id, col(Identity.joined_at).is_not(None))
        .order_by(col(Identity.id))
    )
    return list(found)
