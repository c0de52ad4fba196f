"""No sign of the phone: the same page goes to the person's other messenger as well."""

from sqlmodel import col, select

from commands.page_texts import call_text, page_actions, page_slot
from commands.people import row_id
from commands.places import place_of
from commands.run_chain import load_page
from commands.tell import How, places_of, tell_identity
from storage import outbox
from storage.access_log import BOT, note
from storage.store import Unit
from storage.tables import Identity

_NO_SIGN = ("queued", "called")


async def call_elsewhere(unit: Unit, page_id: int) -> None:
    """The clock of a page without a sign came due. It stays one page: whichever message is
    tapped takes it, and both then tell so. Nothing if there was a sign, or no other way."""
    found = await load_page(unit, page_id)
    if found is None:
        return
    page, chain, case = found
    if case.state != "open" or page.state not in _NO_SIGN or chain.acked_page_id is not None:
        return
    slot = page_slot(page_id)
    stands = await places_of(unit, page.person_id, slot)
    for identity in await _reachable(unit, page.person_id):
        if place_of(identity) in stands:
            continue
        await note(unit, BOT, "share", "page", right="protocol", reference=case.reference)
        tell_identity(
            unit,
            identity,
            call_text(case, page, "first", unit.now),
            actions=page_actions(page),
            slot=slot,
            how=How(loud=True, lane=outbox.PAGES, case=case, page_id=row_id(page)),
        )


async def _reachable(unit: Unit, person_id: int) -> list[Identity]:
    found = await unit.session.exec(
        select(Identity)
        .where(Identity.person_id == person_id, col(Identity.joined_at).is_not(None))
        .order_by(col(Identity.id))
    )
    return list(found)
