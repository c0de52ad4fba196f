"""Who takes part in a case without an account where its room is.

They are called, vote and confirm like everybody, and a headline of their own keeps telling how it
stands. What is said in the room they hear by telephone: no content goes where it may not stand.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, exists
from sqlmodel import col, select

from commands.messages import Message, Number, Partners, message
from commands.people import identity_on, row_id
from commands.world import World
from storage.store import Unit
from storage.tables import Case, Identity, Member

_OF_CASE = (Member.case_id == bindparam("case"), col(Member.left_at).is_(None))
_CAN_COME_IN = exists().where(
    col(Identity.person_id) == col(Member.person_id),
    col(Identity.channel) == bindparam("channel"),
)
_OUTSIDE = select(Member).where(*_OF_CASE, ~_CAN_COME_IN).order_by(col(Member.id))
_INSIDE = (
    select(Member.partner)
    .where(*_OF_CASE, _CAN_COME_IN)
    .order_by(col(Member.person_id) != bindparam("initiator"), col(Member.id))
)

_IS_INSIDE = select(Member.id).where(
    *_OF_CASE, _CAN_COME_IN, Member.person_id == bindparam("person")
)


async def outside_room(unit: Unit, world: World, case: Case) -> Sequence[Member]:
    """Those of the case who cannot come into its room."""
    if world.region.telegram is None:
        return ()
    asked = {"case": row_id(case), "channel": case.channel}
    return (await unit.session.exec(_OUTSIDE, params=asked)).all()


async def whom_to_call(unit: Unit, world: World, case: Case, member: Member) -> Message:
    """The line that tells somebody outside whom to call: a partner who reads the room, the
    initiator's first; while nobody does yet, the region's help desk."""
    asked = {"case": row_id(case), "channel": case.channel, "initiator": case.initiator_id}
    inside = (await unit.session.exec(_INSIDE, params=asked)).all()
    partner = next((each for each in inside if each != member.partner), None)
    if partner is None:
        number = Number(world.region.help_number)
        return message("headline.outside_nobody", number=number)
    number = Number(world.region.partner(partner).desk_number)
    return message("headline.outside", partner=Partners((partner,)), number=number)


async def lines_outside(unit: Unit, world: World, case: Case) -> dict[int, Message]:
    """For everybody outside, by person: the line that tells them whom to call."""
    return {
        each.person_id: await whom_to_call(unit, world, case, each)
        for each in await outside_room(unit, world, case)
    }


async def is_outside(unit: Unit, case: Case, person_id: int) -> bool:
    """Whether this person cannot come into the room of this case."""
    return await identity_on(unit, person_id, case.channel) is None


async def is_inside(unit: Unit, case: Case, person_id: int) -> bool:
    """Whether this person takes part in the case now and can come into its room."""
    asked = {"case": row_id(case), "channel": case.channel, "person": person_id}
    return (await unit.session.exec(_IS_INSIDE, params=asked)).first() is not None
