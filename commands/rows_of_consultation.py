"""An overleg as the rules see it, read from its rows."""

import json
from collections.abc import Iterable, Sequence
from datetime import time

from sqlmodel import col, select

from commands.headline import settled
from commands.members import members_of
from commands.messages import Partners
from commands.people import row_id
from commands.rows_of_chain import chains_of
from commands.rules.moments import HOUR, MINUTE
from commands.rules.slots import Outcome, SlotTiming, outcome
from commands.rules.slots import Vote as Fits
from commands.world import frozen_protocol
from storage.store import Unit
from storage.tables import Case, Consultation, Member, Vote

LENGTH_MS = HOUR  # what a calendar keeps free for an overleg
# When it is not urgent, nobody is asked to sit down in the night; then only pages ring.
CALM_HOURS = (time(8), time(20))


async def current(unit: Unit, case: Case) -> Consultation | None:
    """The overleg that is being planned, is planned or was held; the newest."""
    found = await unit.session.exec(
        select(Consultation)
        .where(Consultation.case_id == row_id(case), Consultation.state != "replaced")
        .order_by(col(Consultation.id).desc())
        .with_for_update()
    )
    return found.first()


def is_over(planned: Consultation, now: int) -> bool:
    """True if the time that was kept free for it has passed."""
    return planned.fixed_at is not None and planned.fixed_at + LENGTH_MS <= now


def slots_of(planned: Consultation) -> tuple[int, ...]:
    """The moments on offer (UTC epoch milliseconds), in the order of their numbers."""
    return tuple(json.loads(planned.slots))


def last_moment(case: Case, planned: Consultation) -> int:
    """Until when it is looked for (UTC epoch milliseconds): the protocol's limit, or the last
    slot where that limit had passed already."""
    return max(case.consult_by or 0, *slots_of(planned), 0)


def timing_of(case: Case) -> SlotTiming:
    """How slots are found, from the case's own copy of the protocol."""
    lead = frozen_protocol(case).consultation.lead
    day = None if case.urgent else CALM_HOURS
    return SlotTiming(length_ms=LENGTH_MS, lead_ms=lead * MINUTE, day=day)


async def votes_of(unit: Unit, planned: Consultation) -> Sequence[Vote]:
    """One row per person who was asked, in the order of asking."""
    found = await unit.session.exec(
        select(Vote).where(Vote.consultation_id == row_id(planned)).order_by(col(Vote.id))
    )
    return found.all()


async def vote_of(unit: Unit, planned: Consultation, member: Member) -> Vote:
    """This person's row; made now if there was none."""
    found = await unit.session.exec(
        select(Vote).where(
            Vote.consultation_id == row_id(planned), Vote.person_id == member.person_id
        )
    )
    vote = found.first()
    if vote is None:
        vote = Vote(
            consultation_id=row_id(planned), person_id=member.person_id, partner=member.partner
        )
        unit.session.add(vote)
        await unit.session.flush()
    return vote


async def all_settled(unit: Unit, case: Case) -> bool:
    """True if nobody is being called any more."""
    return all(settled(chain) for chain in await chains_of(unit, case))


async def enough_to_meet(unit: Unit, case: Case) -> bool:
    """True if people of at least two partners can come."""
    return len({member.partner for member in await members_of(unit, case)}) > 1


async def in_order(unit: Unit, case: Case, partners: Iterable[str]) -> Partners:
    """Partners as every screen lists them."""
    position = {chain.partner: chain.position for chain in await chains_of(unit, case)}
    return Partners(tuple(sorted(set(partners), key=lambda key: (position.get(key, 99), key))))


async def outcome_of(
    unit: Unit, case: Case, planned: Consultation, *, silence_is_no: bool = False
) -> Outcome:
    """Where the vote stands. A partner that is still being called is waited for as well.

    `silence_is_no`: nobody is waited for; who did not vote can make nothing.
    """
    slots = slots_of(planned)
    partners: dict[str, str] = {}
    known: dict[str, Fits] = {}
    for vote in await votes_of(unit, planned):
        person = str(vote.person_id)
        partners[person] = vote.partner
        if vote.choices or silence_is_no:
            known[person] = _fits(vote, slots)
    for chain in await chains_of(unit, case):
        if not settled(chain):
            nobody = f"chain {row_id(chain)}"
            partners[nobody] = chain.partner
            if silence_is_no:
                known[nobody] = Fits()
    return outcome(known, partners, slots, unit.now, case.consult_by or 0, timing_of(case))


def _fits(vote: Vote, slots: Sequence[int]) -> Fits:
    choices = vote.choices.split()
    numbers = [int(choice) for choice in choices if choice.isdigit()]
    return Fits(frozenset(slots[number - 1] for number in numbers), "now" in choices)
