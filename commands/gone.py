"""Somebody left the direct chat with us, or blocked us: pages would ring for nobody there."""

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from commands.after_change import go_on_without
from commands.elsewhere import call_elsewhere
from commands.messages import At, message
from commands.people import Known, row_id, with_role
from commands.places import place_of
from commands.tell import tell_operators, tell_person
from commands.world import World
from storage import outbox
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Case, Identity, OutboxRow, Page

_ANOTHER = select(Identity.id).where(
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
    for page_id in (await unit.session.exec(_WAITING, params=asked)).all():
        if page_id is not None and another is None:
            await go_on_without(unit, world, page_id)
        elif page_id is not None:
            await call_elsewhere(unit, page_id)
    await _send_nothing_there(unit, who.identity)
    text = message("onboard.blocked", label=who.person.label, time=At(unit.now))
    for person in await with_role(unit, "contact_point", who.person.partner):
        if row_id(person) != who.id and person.partner:
            await tell_person(unit, row_id(person), text)


async def _send_nothing_there(unit: Unit, identity: Identity) -> None:
    """What waits for this chat would be refused, line by line, and each reported."""
    await unit.session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.destination) == place_of(identity), col(OutboxRow.state) == "pending")
        .values(state="cancelled", payload="")
    )
