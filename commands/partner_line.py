"""One line of the headline: how far a partner is."""

from collections.abc import Sequence

from commands.messages import At, Message, Number, Partners, Word, message
from commands.page_texts import ROLE_WORDS, not_taken, way_word
from commands.world import World
from storage.tables import Chain, Page


def partner_line(world: World, chain: Chain, pages: Sequence[Page]) -> Message:
    """`pages` are those of this chain, in the order in which people were called."""
    partner = Partners((chain.partner,))
    if chain.acked_page_id is not None:
        page = next(page for page in pages if page.id == chain.acked_page_id)
        time = At(chain.acked_at or 0)
        if page.role == "primary":
            return message("headline.partner.acked", partner=partner, time=time)
        role = Word(f"role.{ROLE_WORDS[page.role]}")
        return message("headline.partner.acked_by", partner=partner, time=time, role=role)
    if chain.phoned_at is not None:
        time = At(chain.phoned_at)
        return message("headline.partner.phoned", partner=partner, time=time)
    if chain.ended_at is not None:
        number = Number(world.region.partner(chain.partner).desk_number)
        key = f"headline.partner.ended{not_taken(pages)}"
        return message(key, partner=partner, number=number)
    last = pages[-1]
    if last.role == "primary":
        if last.fallback_at is not None and last.seen_at is None:
            return _by_fallback(partner, last)
        time = At(last.seen_at or last.called_at or last.queued_at)
        state = "seen" if last.seen_at else "called" if last.called_at else "queued"
        return message(f"headline.partner.{state}", partner=partner, time=time)
    why = not_taken(pages[:-1]).removeprefix("_") or "silent"
    role = Word(f"role.{ROLE_WORDS[last.role]}")
    time = At(last.called_at or last.queued_at)
    return message(f"headline.partner.{why}", partner=partner, role=role, time=time)


def _by_fallback(partner: Partners, page: Page) -> Message:
    """A gateway took it. Where no messenger had it before, nobody was silent yet."""
    key = "only_fallback" if page.called_at is None else "fallback"
    way, time = way_word(page.fallback_by or ""), At(page.fallback_at or 0)
    return message(f"headline.partner.{key}", partner=partner, way=way, time=time)
