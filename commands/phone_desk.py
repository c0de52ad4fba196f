"""Nobody of a partner takes it: whoever raised the alarm calls that partner's desk."""

from commands.messages import Action, Named, Number, Partners, Word, message
from commands.page_texts import not_taken
from commands.people import row_id
from commands.rows_of_chain import pages_of
from commands.tell import How, tell_person
from commands.world import World
from storage import outbox
from storage.store import Unit
from storage.tables import Case, Chain


async def ask_to_phone(unit: Unit, world: World, case: Case, chain: Chain) -> None:
    """Ask the initiator to; it rings. Each time it is a message of its own, by the number of
    notices so far."""
    partner = world.region.partner(chain.partner)
    chain_id = str(row_id(chain))
    text = message(
        f"chain.ended{not_taken(await pages_of(unit, chain))}",
        partner=Partners((chain.partner,)),
        desk=Named(partner.desk_name.nl, partner.desk_name.en),
        number=Number(partner.desk_number),
        ref=case.reference or "",
    )
    await tell_person(
        unit,
        case.initiator_id,
        text,
        actions=(
            Action("phoned", Word("button.phoned"), chain_id),
            Action("no_reply", Word("button.no_reply"), chain_id, stop=True),
        ),
        slot=f"chain:{chain_id}:{chain.notices}",
        how=How(loud=True, lane=outbox.PAGES, case=case),
    )
