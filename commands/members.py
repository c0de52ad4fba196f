"""Who takes part in a case now, and what people call its partners."""

from collections.abc import Sequence

from sqlmodel import col, select

from commands.people import row_id
from commands.reading.agreement_line import PartnerWords
from commands.rows_of_chain import chains_of
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Member


async def members_of(unit: Unit, case: Case, partner: str | None = None) -> Sequence[Member]:
    """The people of a case, of one partner or of all, in the order in which they came."""
    wanted = select(Member).where(Member.case_id == row_id(case), col(Member.left_at).is_(None))
    if partner is not None:
        wanted = wanted.where(Member.partner == partner)
    return (await unit.session.exec(wanted.order_by(col(Member.id)))).all()


async def partners_there(unit: Unit, world: World, case: Case) -> tuple[str, ...]:
    """The partners with somebody in the case, in the order of every screen."""
    there = {member.partner for member in await members_of(unit, case)}
    return _ordered(world, there)


async def partners_of(unit: Unit, world: World, case: Case) -> tuple[str, ...]:
    """Every partner that was called for this case or takes part in it."""
    called = {chain.partner for chain in await chains_of(unit, case)}
    there = {member.partner for member in await members_of(unit, case)}
    return _ordered(world, called | there)


async def leading(unit: Unit, case: Case) -> tuple[int, ...]:
    """Whom closing is up to: the people of the case lead, else the initiator."""
    if case.lead is not None:
        people = tuple(member.person_id for member in await members_of(unit, case, case.lead))
        if people:
            return people
    return (case.initiator_id,)


def partner_words(world: World) -> list[PartnerWords]:
    """The region's partners and how people write them, in both languages."""
    return [
        PartnerWords(partner.key, (partner.label.nl, partner.label.en))
        for partner in world.region.partners
    ]


def _ordered(world: World, keys: set[str]) -> tuple[str, ...]:
    return tuple(partner.key for partner in world.region.partners if partner.key in keys)
