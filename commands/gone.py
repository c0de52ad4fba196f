"""Somebody left the direct chat with us, or blocked us: pages would ring for nobody there."""

from collections.abc import Sequence

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from commands.elsewhere import call_other_messenger, reaches_nobody
from commands.messages import At, message
from commands.people import Known, by_id, identity_on, row_id, with_role
from commands.places import person_in, place_of
from commands.tell import tell_operators, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Case, Identity, OutboxRow, Page

BLOCKED = "blocked"  # why a direct chat refused a message
_ANOTHER = select(Identity).where(
    Identity.person_id == bindparam("person"), col(Identity.joined_at).is_not(None)
)
_WAITING = (
    select(Page.id)
    .join(Case, col(Case.id) == col(Page.case_id))
    .where(
        Page.person_id == bindparam("person"),
        Case.state == "open",
        col(Page.state).in_(("queued", "called", "seen")),
    )
    .order_by(col(Page.id))
)


async def has_gone(unit: Unit, world: World, who: Known) -> None:
    """The operator hears it. On Matrix they are asked back once: who refuses that invitation is
    not asked again. Who blocked us on Telegram can only come back by themselves: their contact
    point hears it, and at once a page goes to their other messenger, or else to the next person."""
    if who.identity.joined_at is None:
        return
    who.identity.joined_at = who.identity.proven_at = None
    actor = Actor.of(who.person, "known", who.identity.channel)
    await note(unit, actor, "change", "chat", right="known")
    if who.identity.channel == "matrix":
        _ask_back(unit, who)
    else:
        await _is_blocked(unit, world, who)
    await tell_operators(
        unit, message("operator.not_delivered", label=who.person.label, time=At(unit.now))
    )


async def has_blocked(unit: Unit, world: World, row: OutboxRow) -> bool:
    """A direct chat refused this row because its owner blocked us, and nobody told us: also of an
    account that is deleted the messenger tells nothing. False if we knew, or if they came in anew
    since: then it is an older phone that refused."""
    person_id = person_in(row.destination)
    identity = await identity_on(unit, person_id, row.channel) if person_id else None
    if person_id is None or identity is None or identity.joined_at is None:
        return False
    if identity.joined_at > row.created_at:
        return False
    outbox.put_back(row, BLOCKED)
    await unit.session.flush()
    await has_gone(unit, world, Known(await by_id(unit, person_id), identity))
    return True


async def waiting_pages(unit: Unit, person_id: int) -> Sequence[int]:
    """Row ids of the pages of open cases that this person has not answered."""
    found = (await unit.session.exec(_WAITING, params={"person": person_id})).all()
    return [page_id for page_id in found if page_id is not None]


def _ask_back(unit: Unit, who: Known) -> None:
    outbox.queue(
        unit,
        channel=who.identity.channel,
        destination=place_of(who.identity),
        kind="invite",
        payload={"user": who.identity.address},
        lane=outbox.ANSWERS,
    )


async def _is_blocked(unit: Unit, world: World, who: Known) -> None:
    asked = {"person": who.id}
    another = (await unit.session.exec(_ANOTHER, params=asked)).first()
    for page_id in await waiting_pages(unit, who.id):
        if another is None:
            await reaches_nobody(unit, world, page_id)
        else:
            await call_other_messenger(unit, page_id)
    await _send_nothing_there(unit, who.identity, another)
    text = message("onboard.blocked", label=who.person.label, time=At(unit.now))
    for person in await with_role(unit, "contact_point", who.person.partner):
        if row_id(person) != who.id and person.partner:
            await tell_person(unit, row_id(person), text)


async def _send_nothing_there(unit: Unit, identity: Identity, another: Identity | None) -> None:
    """What waits for this chat would be refused, line by line, and each reported. Questions and
    news go where this person still is; pages have their own way there."""
    waits = update(OutboxRow).where(
        col(OutboxRow.destination) == place_of(identity), col(OutboxRow.state) == "pending"
    )
    if another is not None:
        said = waits.where(col(OutboxRow.kind) == "say", col(OutboxRow.page_id).is_(None))
        there = {"channel": another.channel, "destination": place_of(another)}
        await unit.session.exec(said.values(**there))
    await unit.session.exec(waits.values(state="cancelled", payload=""))
