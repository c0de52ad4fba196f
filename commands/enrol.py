"""Getting in on a messenger where we cannot speak first: a link with a token, or /start alone."""

import re

from sqlalchemy import bindparam
from sqlmodel import select

from commands.invite_person import hash_of
from commands.messages import At, message
from commands.onboard import STARTED_MS, greet, has_arrived
from commands.people import Known, by_address, by_id, identity_on, row_id
from commands.replace_phone import leave_old_phone, new_phone_works
from commands.rules.moments import HOUR, MINUTE
from commands.seldom import not_lately
from commands.strangers import fingerprint, is_private, refuse_in_private, say_in_room
from commands.tell import tell_identity, tell_person
from commands.update import Update
from commands.world import World
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Identity, Invitation, Person

_START = re.compile(r"/start(?:\s+(\S{1,64}))?|start(?:\s+([\w-]{22}))?", re.IGNORECASE)
_BY_TOKEN = (
    select(Invitation)
    .where(
        Invitation.region_id == bindparam("region"),
        Invitation.channel == bindparam("channel"),
        Invitation.token_hash == bindparam("hash"),
    )
    .with_for_update()  # two phones with one link: one of them gets in
)
_BY_ADDRESS = select(Identity).where(
    Identity.channel == bindparam("channel"), Identity.address == bindparam("address")
)


async def enrol(unit: Unit, world: World, channel: str, update: Update) -> bool:
    """Bind whoever comes with a valid link, welcome back whom we know. False if the update asks
    for neither: then it means something else."""
    found = _START.fullmatch(update.text.strip()) if _is_typed_here(channel, update) else None
    if found is None:
        return False
    who = await by_address(unit, channel, update.sender)
    token = found.group(1) or found.group(2)
    if token:
        await _with_token(unit, world, channel, update, who, token)
    elif who is not None:
        await _again(unit, who, update.room)
    else:
        await refuse_in_private(unit, world, channel, update)
    return True


def _is_typed_here(channel: str, update: Update) -> bool:
    typed = update.kind == "text" and not update.edit and not update.forwarded
    return typed and is_private(channel, update)


async def _with_token(
    unit: Unit, world: World, channel: str, update: Update, who: Known | None, token: str
) -> None:
    asked = {"region": unit.region_id, "channel": channel, "hash": hash_of(token)}
    invitation = (await unit.session.exec(_BY_TOKEN, params=asked)).first()
    if invitation is not None and who is not None and who.id == invitation.person_id:
        # Their own link, tapped again: nothing new, and nothing to worry about.
        invitation.used_at = invitation.used_at or unit.now
        await _again(unit, who, update.room)
    elif invitation is not None and await _is_valid(unit, invitation, update.sender):
        invitation.used_at = unit.now
        await _bind(unit, world, invitation, update)
    else:
        if invitation is not None and invitation.used_at is not None:
            await _tell_maker(unit, invitation)
        await _refuse(unit, channel, update, who)


async def _is_valid(unit: Unit, invitation: Invitation, address: str) -> bool:
    """Unused, in time, for somebody who still takes part, from an address that is nobody's: also
    not of somebody who left. Whoever is bound already gets a link only for a new phone."""
    if invitation.used_at is not None or invitation.expires_at <= unit.now:
        return False
    asked = {"channel": invitation.channel, "address": address}
    return (await by_id(unit, invitation.person_id)).active and (
        await unit.session.exec(_BY_ADDRESS, params=asked)
    ).first() is None


async def _bind(unit: Unit, world: World, invitation: Invitation, update: Update) -> None:
    person = await by_id(unit, invitation.person_id)
    old = await identity_on(unit, invitation.person_id, invitation.channel)
    if old is not None:
        await leave_old_phone(unit, old)
    identity = old or Identity(
        person_id=invitation.person_id, channel=invitation.channel, address=update.sender
    )
    identity.address, identity.direct_room = update.sender, update.room
    identity.joined_at, identity.proven_at = unit.now, None
    unit.session.add(identity)
    await unit.session.flush()
    if old is not None:
        await new_phone_works(unit, world, person, identity)
    else:
        actor = Actor.of(person, "known", invitation.channel)
        await note(unit, actor, "create", "identity", right="invitation")
        await _tell_who_invited(unit, invitation, person)
    await not_lately(unit, f"started:{identity.id}", STARTED_MS)
    greet(unit, person, identity)


async def _tell_who_invited(unit: Unit, invitation: Invitation, person: Person) -> None:
    """A link that reached the wrong hands is noticed at once, and not when a page comes."""
    maker = await by_id(unit, invitation.made_by)
    if maker.active and row_id(maker) != row_id(person):
        text = message("invite.used", function=person.label, time=At(unit.now))
        await tell_person(unit, row_id(maker), text)


async def _again(unit: Unit, who: Known, room: str) -> None:
    """The welcome once more, unless it was said just now or is on its way."""
    who.identity.direct_room = room
    if who.identity.joined_at is None:
        await has_arrived(unit, who)
    elif await not_lately(unit, f"started:{who.identity.id}", STARTED_MS):
        greet(unit, who.person, who.identity)


async def _refuse(unit: Unit, channel: str, update: Update, who: Known | None) -> None:
    """The same line whatever was wrong: who tries tokens learns nothing from it."""
    if not await not_lately(unit, f"link:{fingerprint(update.sender)}", MINUTE):
        return
    text = message("wrong.invitation")
    if who is not None:
        tell_identity(unit, who.identity, text)
    else:
        say_in_room(unit, channel, update.room, text)


async def _tell_maker(unit: Unit, invitation: Invitation) -> None:
    """Somebody else has the link as well: whoever handed it out can find out who."""
    maker: Person = await by_id(unit, invitation.made_by)
    if maker.active and await not_lately(unit, f"reused:{row_id(invitation)}", HOUR):
        person = await by_id(unit, invitation.person_id)
        await tell_person(unit, row_id(maker), message("invite.reused", function=person.label))
