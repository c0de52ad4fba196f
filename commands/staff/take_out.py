"""Somebody leaves: out of every room, shift, question and chat, all in one transaction."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlmodel import col, select

from commands.after_change import go_on_without
from commands.gone import waiting_pages
from commands.people import Known, row_id
from commands.staff.end_roster import end_roster
from commands.staff.last_word import end_chats
from commands.staff.leave_cases import leave_cases, release_cases
from commands.staff.prove_leaving import prove_later
from commands.tell import forget_asker
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import GroupRoom, Identity, Invitation, OutboxRow, Person
from storage.timers import cancel_timers


async def take_out(unit: Unit, world: World, person: Person, by: Known) -> None:
    """Carry out a leaving that was asked for and confirmed by `by`: the person, or the contact
    point of the same organisation, who then takes over what the person had raised."""
    own_wish = by.id == row_id(person)
    role = "known" if own_wish else "contact_point"
    actor = Actor.of(by.person, role, by.identity.channel)
    await note(unit, actor, "delete", "person", right=role, on_behalf=person.key)
    forget_asker(unit, row_id(person))  # no answer goes there any more but the last word
    identities = await _identities(unit, person)
    person.active, person.left_at, person.roles = False, unit.now, ""
    unit.session.add(person)
    await unit.session.flush()
    waiting = await waiting_pages(unit, row_id(person))
    await _leave_groups(unit, identities, person)
    left = await leave_cases(unit, person, identities, actor)
    await end_chats(unit, person, identities)
    for identity in identities:
        await unit.session.delete(identity)
    await unit.session.flush()
    for page_id in waiting:
        await go_on_without(unit, world, page_id)
    await release_cases(unit, world, person, left, heir=None if own_wish else by)
    await end_roster(unit, world, person)
    await _end_invitations(unit, person)
    await cancel_timers(unit, f"person:{row_id(person)}")
    await _send_nothing_more(unit, person)
    prove_later(unit, person, None if own_wish else by.id)


async def _identities(unit: Unit, person: Person) -> Sequence[Identity]:
    found = await unit.session.exec(
        select(Identity).where(Identity.person_id == row_id(person)).order_by(col(Identity.id))
    )
    return found.all()


async def _leave_groups(unit: Unit, identities: Sequence[Identity], person: Person) -> None:
    groups = {each.channel for each in await unit.session.exec(select(GroupRoom))}
    for identity in identities:
        if identity.channel in groups:
            outbox.queue(
                unit,
                channel=identity.channel,
                destination=f"group:{identity.channel}",
                kind="remove",
                payload={"user": identity.address},
                lane=outbox.ANSWERS,
                slot=f"leave:{row_id(person)}",
            )


async def _end_invitations(unit: Unit, person: Person) -> None:
    """Those for this person, and those that they handed out: nobody answers for them now."""
    number = row_id(person)
    await unit.session.exec(
        update(Invitation)
        .where(
            (col(Invitation.person_id) == number) | (col(Invitation.made_by) == number),
            col(Invitation.used_at).is_(None),
            col(Invitation.expires_at) > unit.now,
        )
        .values(expires_at=unit.now)
    )


async def _send_nothing_more(unit: Unit, person: Person) -> None:
    """Also what this very transaction meant for them."""
    await unit.session.flush()
    await unit.session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.destination).startswith(f"person:{row_id(person)}:"),
            col(OutboxRow.state) == "pending",
        )
        .values(state="cancelled", payload="")
    )
