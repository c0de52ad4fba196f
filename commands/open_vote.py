"""Slots on offer, and a question for everybody who takes part."""

import json
import secrets
from collections.abc import Sequence

from sqlmodel import col, select

from commands import ask_times
from commands.count_votes import count
from commands.fix_consultation import close_all, subject_of, tell
from commands.members import members_of
from commands.messages import message
from commands.outside_room import lines_outside
from commands.people import row_id
from commands.rows_of_consultation import (
    LENGTH_MS,
    all_settled,
    is_over,
    outcome_of,
    timing_of,
    vote_of,
    votes_of,
)
from commands.rules.moments import DAY, MINUTE
from commands.rules.slots import propose
from commands.world import World, frozen_protocol
from storage.store import Unit
from storage.tables import Case, Consultation, Member
from storage.timers import set_timer


async def new_consultation(unit: Unit, case: Case, slots: Sequence[int] = ()) -> Consultation:
    """An overleg for everybody who is in the case now."""
    planned = Consultation(
        case_id=row_id(case),
        state="voting",
        slots=json.dumps(slots),
        secret=secrets.token_urlsafe(16),
        created_at=unit.now,
    )
    unit.session.add(planned)
    await unit.session.flush()
    for member in await members_of(unit, case):
        await vote_of(unit, planned, member)
    return planned


async def begin_voting(unit: Unit, case: Case, by: int | None = None) -> None:
    """Offer slots and ask everybody; it does not ring for whoever wanted it."""
    planned = await new_consultation(unit, case, await _slots(unit, case))
    for vote in await votes_of(unit, planned):
        await ask_times.ask(unit, case, planned, vote, loud=vote.person_id != by)
    length = frozen_protocol(case).consultation.nonvoter * MINUTE
    for times, kind in enumerate(("consult_nonvoter", "consult_undecided"), start=1):
        due_at = unit.now + times * length
        set_timer(unit, kind, subject_of(planned), due_at, case_id=row_id(case))


async def bring_up_to_date(unit: Unit, world: World, case: Case, planned: Consultation) -> None:
    """People came or went, or a chain ended: ask who is new, forget who left, count again."""
    if is_over(planned, unit.now):
        return
    before = await outcome_of(unit, case, planned)
    here = {member.person_id: member for member in await members_of(unit, case)}
    asked = {vote.person_id: vote for vote in await votes_of(unit, planned)}
    for person_id, vote in asked.items():
        if person_id not in here:
            text = message("consult.left", ref=case.reference or "")
            await close_all(unit, case, planned, person_id, text)
            await unit.session.delete(vote)
    for person_id, member in here.items():
        if person_id not in asked:
            await _invite(unit, world, case, planned, member)
    if planned.state != "voting":
        return
    if here.keys() != asked.keys() or await all_settled(unit, case):
        await count(unit, world, case, planned, before=before)


async def _invite(
    unit: Unit, world: World, case: Case, planned: Consultation, member: Member
) -> None:
    vote = await vote_of(unit, planned, member)
    if planned.state == "voting":
        await ask_times.ask(unit, case, planned, vote)
    else:
        call = (await lines_outside(unit, world, case)).get(member.person_id)
        await tell(unit, case, planned, member.person_id, loud=True, call=call)


async def _slots(unit: Unit, case: Case) -> tuple[int, ...]:
    """Inside the limit; once that has passed, or is too near for any, the first ones there are."""
    timing, busy = timing_of(case), await _busy(unit, case)
    inside = propose(unit.now, case.consult_by or unit.now, timing, busy)
    return inside or propose(unit.now, unit.now + DAY, timing, busy)


async def _busy(unit: Unit, case: Case) -> list[tuple[int, int]]:
    """When people of this case sit in the overleg of another one."""
    people = [member.person_id for member in await members_of(unit, case)]
    found = await unit.session.exec(
        select(Consultation.fixed_at)
        .join(Case, col(Case.id) == col(Consultation.case_id))
        .join(Member, col(Member.case_id) == col(Case.id))
        .where(
            Case.state == "open",
            Case.id != case.id,
            Consultation.state == "fixed",
            col(Member.person_id).in_(people),
            col(Member.left_at).is_(None),
        )
        .distinct()
    )
    return [(at, at + LENGTH_MS) for at in found if at is not None]
