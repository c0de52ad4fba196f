"""The cases of somebody who leaves: out of their rooms, and what hung on them goes on."""

from collections.abc import Sequence

from sqlmodel import col, select

from commands import measures
from commands.after_change import after_change
from commands.join_case import let_in
from commands.people import Known, row_id
from commands.phone_desk import ask_to_phone
from commands.places import case_place, is_topic
from commands.roster.running_pages import call_those_on_duty
from commands.rows_of_chain import chains_of, state_to_go_on, timing_of
from commands.rules import paging
from commands.run_chain import ChainRun
from commands.staff.held_cases import taken_chains
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Case, Identity, Member, Person
from storage.timers import cancel_case_timers

_HAS_ROOM = ("open", "closed", "withdrawn")


async def leave_cases(
    unit: Unit, person: Person, identities: Sequence[Identity], actor: Actor
) -> Sequence[Case]:
    """Out of every case and its room; gives those that are open. Unsent alarms are forgotten."""
    addresses = {identity.channel: identity.address for identity in identities}
    found = await unit.session.exec(
        select(Member, Case)
        .join(Case, col(Case.id) == col(Member.case_id))
        .where(Member.person_id == row_id(person), col(Member.left_at).is_(None))
        .order_by(col(Member.id))
    )
    left = found.all()
    for member, case in left:
        member.left_at, member.joined_at = unit.now, None
        if case.room is not None and case.state in _HAS_ROOM:
            _put_out(unit, case, addresses.get(case.channel), person)
        await note(
            unit,
            actor,
            "change",
            "room",
            right=actor.role,
            reference=case.reference,
            on_behalf=person.key,
        )
    await _forget_drafts(unit, person)
    return [case for _, case in left if case.state == "open"]


def _put_out(unit: Unit, case: Case, address: str | None, person: Person) -> None:
    if address is None or is_topic(case):  # who is out of the group reads none of its topics
        return
    outbox.queue(
        unit,
        channel=case.channel,
        destination=case_place(case),
        kind="remove",
        payload={"user": address},
        lane=outbox.ANSWERS,
        slot=f"leave:{row_id(person)}",
        case=case,
    )


async def _forget_drafts(unit: Unit, person: Person) -> None:
    drafts = await unit.session.exec(
        select(Case).where(Case.initiator_id == row_id(person), Case.state == "draft")
    )
    for case in drafts.all():
        case.state, case.reason = "dropped", None
        await cancel_case_timers(unit, row_id(case))


async def release_cases(
    unit: Unit, world: World, person: Person, left: Sequence[Case], heir: Known | None
) -> None:
    """What they took is declined in their place, so that the next person is called at once; what
    they raised is the heir's from now on: somebody has to hear whom to phone."""
    touched = {row_id(case): case for case in left}
    for chain, case in await taken_chains(unit, person):
        page_id = chain.acked_page_id or 0
        await call_those_on_duty(unit, world, case, chain)
        before = await state_to_go_on(unit, case, chain)
        decided = paging.declined(before, timing_of(case), page_id, unit.now)
        await ChainRun(unit, world, case, chain).apply(decided)
        measures.record(unit, case, "undone", chain.partner)
        touched[row_id(case)] = case
    if heir is not None:
        raised = await unit.session.exec(
            select(Case).where(Case.initiator_id == row_id(person), Case.state == "open")
        )
        for case in raised.all():
            await _inherit(unit, world, case, heir)
            touched[row_id(case)] = case
    for case in touched.values():
        await after_change(unit, world, case)


async def _inherit(unit: Unit, world: World, case: Case, heir: Known) -> None:
    case.initiator_id = heir.id
    await unit.session.flush()
    await let_in(unit, case, heir)
    actor = Actor.of(heir.person, "contact_point", heir.identity.channel)
    await note(unit, actor, "share", "case", right="contact_point", reference=case.reference)
    for chain in await chains_of(unit, case):
        if chain.ended_at is not None and chain.phoned_at is None:
            await ask_to_phone(unit, world, case, chain)
