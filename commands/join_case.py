"""Who is in the case room: the initiator from the opening, others from their ack on."""

from sqlmodel import col, select

from commands.catch_up import catch_up
from commands.fix_consultation import ROOM_SLOT, room_text
from commands.headline import HEADLINE, headline, refresh
from commands.members import members_of
from commands.messages import Message, Own, message
from commands.open_room import ask_for_room
from commands.people import Known, identity_on, row_id
from commands.places import case_place, is_topic
from commands.rows_of_consultation import current, is_over
from commands.tell import standing, take_away, take_away_person, tell_room
from commands.unsigned_devices import look_for_unsigned
from commands.world import World
from storage import outbox
from storage.access_log import BOT, Actor, note
from storage.store import Unit
from storage.tables import Case, Member


async def let_in(unit: Unit, case: Case, who: Known) -> None:
    """Add somebody to the case and invite them to its room; who is in the case already, but no
    longer in the room, is invited again."""
    member = await member_row(unit, case, who.id)
    if member is None:
        member = Member(
            case_id=row_id(case),
            person_id=who.id,
            partner=who.person.partner,
            since=unit.now,
        )
        unit.session.add(member)
    elif member.left_at is None:
        await invite_again(unit, case, who)
        return
    member.left_at = None
    await _try_room_again(unit, case, who.id)
    await _invite(unit, case, who.id)


async def _try_room_again(unit: Unit, case: Case, newcomer: int) -> None:
    """The messenger would not make it before; that somebody takes the case is a reason to ask
    again. If it still will not, they hear that they must call each other."""
    if case.room is not None or case.state != "open":
        return
    if await outbox.asked_for_room(unit, case_place(case)):
        return
    addresses = []
    for member in await members_of(unit, case):
        identity = await identity_on(unit, member.person_id, case.channel)
        if identity is not None and member.person_id != newcomer and not is_topic(case):
            addresses.append(identity.address)
    ask_for_room(unit, case, tuple(addresses))


async def invite_again(unit: Unit, case: Case, who: Known) -> bool:
    """Bring somebody of this case back who left its room by hand or refused the invitation.
    True if that was needed: then the caller logs that the case is shared.

    Nothing for who is in the room or does not belong there, or where there is no room to come
    into: before it is made (it invites by itself) and after a withdrawal.
    """
    member = await member_row(unit, case, who.id)
    if member is None or member.left_at is not None or member.joined_at is not None:
        return False
    if case.room is None or case.state not in ("open", "closed"):
        return False
    return await _invite(unit, case, who.id)


async def _invite(unit: Unit, case: Case, person_id: int) -> bool:
    """False for somebody without an identity where the room is: they follow the case by its
    pages, headline and questions in their own chat."""
    identity = await identity_on(unit, person_id, case.channel)
    if identity is None:
        return False
    if is_topic(case):
        return await _is_in_topic(unit, case, person_id)
    _queue(unit, case, "invite", {"user": identity.address})
    look_for_unsigned(unit, identity, case)
    return True


async def _is_in_topic(unit: Unit, case: Case, person_id: int) -> bool:
    """Nobody is invited to it, and everything in it can be read from the beginning."""
    member = await member_row(unit, case, person_id)
    if member is None or case.room is None:
        return False
    member.joined_at = unit.now
    return True


async def let_out(unit: Unit, case: Case, who: Known) -> None:
    """Take somebody out of the case and its room, unless they raised it."""
    member = await member_row(unit, case, who.id)
    if member is None or member.left_at is not None or case.initiator_id == who.id:
        return
    member.left_at = unit.now
    member.joined_at = None
    identity = await identity_on(unit, who.id, case.channel)
    if identity is not None:
        if not is_topic(case):  # whoever is in the group goes on reading its topics
            _queue(unit, case, "remove", {"user": identity.address})
        return
    # Nobody edits the headline of who is out: it would say for ever how it stood.
    await take_away_person(unit, who.id, f"{HEADLINE}:{row_id(case)}", case)


async def has_joined(unit: Unit, world: World, case: Case, who: Known | None, user: str) -> None:
    """Somebody joined the room. Who does not belong is taken out; who does is caught up.

    History is visible from joining on, so what stood before is posted afresh.
    """
    member = await member_row(unit, case, who.id) if who else None
    if who is None or member is None or member.left_at is not None:
        _queue(unit, case, "remove", {"user": user})
        known = who.person.key if who else None
        ref = case.reference
        await note(unit, BOT, "change", "room", right="guard", reference=ref, on_behalf=known)
        return
    actor = Actor.of(who.person, "member", case.channel)
    await note(unit, actor, "read", "case", right="member", reference=case.reference)
    first = await _nobody_joined(unit, case)
    member.joined_at = unit.now
    if first:
        await _welcome(unit, world, case)
        await refresh(unit, world, case)
    else:
        text = await catch_up(unit, case, who)
        await post_afresh(unit, case, "catch-up", text)
    planned = await current(unit, case)
    if planned is not None and planned.state == "fixed" and not is_over(planned, unit.now):
        await post_afresh(unit, case, ROOM_SLOT, room_text(unit, world, case, planned))
    await post_afresh(unit, case, HEADLINE, await headline(unit, world, case))


async def has_left(unit: Unit, case: Case, who: Known) -> None:
    """Somebody left the room by hand; they stay in the case and can be invited again."""
    member = await member_row(unit, case, who.id)
    if member is not None:
        member.joined_at = None
        actor = Actor.of(who.person, "member", case.channel)
        await note(unit, actor, "change", "room", right="member", reference=case.reference)


async def member_row(unit: Unit, case: Case, person_id: int) -> Member | None:
    """The row of this person in this case."""
    found = await unit.session.exec(
        select(Member).where(Member.case_id == row_id(case), Member.person_id == person_id)
    )
    return found.first()


def reason_line(unit: Unit, case: Case) -> tuple[Message, ...]:
    """The reason of the alarm, which stands in the room only."""
    if case.reason is None:
        return ()
    return (message("room.reason", reason=Own(unit.vault.unseal(case.reason, case.wrapped_key))),)


async def _nobody_joined(unit: Unit, case: Case) -> bool:
    found = await unit.session.exec(
        select(Member.id).where(Member.case_id == row_id(case), col(Member.joined_at).is_not(None))
    )
    return found.first() is None and await standing(unit, case_place(case), HEADLINE) is None


async def _welcome(unit: Unit, world: World, case: Case) -> None:
    await tell_room(
        unit,
        case,
        message(
            "room.welcome",
            *reason_line(unit, case),
            ref=case.reference or "",
            days=world.region.retention_days,
        ),
    )


async def post_afresh(unit: Unit, case: Case, slot: str, text: Message) -> None:
    """Take the old one away and post it again at the bottom, so that there is always one."""
    unsent = await outbox.waiting(unit, case_place(case), slot)
    if unsent is not None and unsent.kind == "say":
        return
    await take_away(unit, case_place(case), slot, case)
    await tell_room(unit, case, text, slot=slot)


def _queue(unit: Unit, case: Case, kind: str, payload: dict[str, str]) -> None:
    outbox.queue(
        unit,
        channel=case.channel,
        destination=case_place(case),
        kind=kind,
        payload=payload,
        lane=outbox.ANSWERS if kind != "erase" else outbox.REST,
        case=case,
    )
