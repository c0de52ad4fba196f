"""The contact point lets a colleague take part on Telegram, by a link that works once."""

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import and_, bindparam, update
from sqlmodel import col, select

from commands.ask import Ask
from commands.declare import command
from commands.messages import Action, At, Message, Word, message
from commands.people import row_id
from commands.reading.emoji import MOST
from commands.reading.words import phrase
from commands.rules.moments import DAY
from storage.access_log import Actor, note
from storage.tables import Identity, Invitation, Person

CHANNEL = "telegram"
VALID_MS = DAY
_LINK = "https://t.me/{bot}?start={token}"
_AGAIN = ":again"  # in the argument of a button: for a new phone, the old one is lost
_TOKEN_BYTES = 16  # 22 characters that may stand in a link; nobody guesses 128 bits
_COLLEAGUES = (
    select(Person, Identity.id)
    .outerjoin(
        Identity,
        and_(col(Identity.person_id) == col(Person.id), col(Identity.channel) == CHANNEL),
    )
    .where(
        Person.region_id == bindparam("region"),
        Person.partner == bindparam("partner"),
        col(Person.active).is_(True),
    )
    .order_by(col(Person.id))
)


def hash_of(token: str) -> str:
    """What is kept of a token: who reads the database cannot enrol with it."""
    return hashlib.sha256(token.encode()).hexdigest()


@command(
    "invite",
    right="contact_point",
    nl=("uitnodigen",),
    en=("invite",),
    where=("direct",),
    about="nothing",
    takes_words=True,
)
async def invite(ask: Ask) -> None:
    """`uitnodigen`: whom? `uitnodigen officier van justitie 2`: the link at once."""
    if ask.world.region.telegram is None:
        await ask.answer(message("invite.no_telegram"))
        return
    people = await _colleagues(ask)
    wanted = phrase(ask.words)
    found = [each for each in people if phrase(each[0].label) == wanted]
    if len(found) == 1:
        person, joined = found[0]
        await _link_unless_there(ask, person, joined=joined)
        return
    await _ask_whom(ask, people, unknown=bool(wanted) and not found)


@command("invite_chosen", right="contact_point", about="nothing")
async def invite_chosen(ask: Ask) -> None:
    """A label was pressed; meanwhile much can have changed."""
    if ask.world.region.telegram is None:
        await ask.settle(message("invite.no_telegram"))
        return
    for person, joined in await _colleagues(ask):
        if str(person.id) == ask.argument.partition(":")[0]:
            again = ask.argument.endswith(_AGAIN)
            await _link_unless_there(ask, person, joined=joined and not again)
            return
    await ask.settle(message("invite.unknown"))


async def _colleagues(ask: Ask) -> Sequence[tuple[Person, bool]]:
    """The own organisation, each with whether they take part on Telegram already."""
    if not ask.who.person.partner:
        return ()  # those outside the partners are no organisation together
    asked = {"region": ask.unit.region_id, "partner": ask.who.person.partner}
    people = {
        row_id(person): (person, identity is not None)
        for person, identity in await ask.unit.session.exec(_COLLEAGUES, params=asked)
    }
    return tuple(people.values())


async def _ask_whom(ask: Ask, people: Sequence[tuple[Person, bool]], *, unknown: bool) -> None:
    """Those who take part already are named only by an example: for a new phone."""
    absent = [person for person, joined in people if not joined]
    there = [person for person, joined in people if joined]
    again = (message("invite.again", function=there[0].label),) if there else ()
    if not absent:
        await ask.answer(message("invite.nobody", *again))
        return
    actions: tuple[Action, ...] = ()
    question = message("invite.write", *again, function=absent[0].label)
    if len(absent) <= MOST:
        question = message("invite.who", *again)
        actions = tuple(Action("invite_chosen", each.label, str(each.id)) for each in absent)
    if unknown:
        question = Message("invite.unknown", lines=(question,))
    await ask.answer(question, actions=actions, slot="invite" if actions else None)


async def _link_unless_there(ask: Ask, person: Person, *, joined: bool) -> None:
    if joined:
        text = message("invite.joined", function=person.label)
        new_phone = Action("invite_chosen", Word("button.new_phone"), f"{person.id}{_AGAIN}")
        if ask.pressed:
            await ask.settle(text, (new_phone,))
        else:
            await ask.answer(text, actions=(new_phone,), slot="invite")
        return
    await link_for(ask, person)


async def link_for(ask: Ask, person: Person) -> None:
    """Earlier links for this person end: of all that were handed out only one works."""
    telegram = ask.world.region.telegram
    if telegram is None:
        return
    now = ask.unit.now
    await ask.unit.session.exec(
        update(Invitation)
        .where(
            col(Invitation.person_id) == row_id(person),
            col(Invitation.channel) == CHANNEL,
            col(Invitation.expires_at) > now,
            col(Invitation.used_at).is_(None),
        )
        .values(expires_at=now)
    )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    ask.unit.session.add(
        Invitation(
            region_id=ask.unit.region_id,
            person_id=row_id(person),
            channel=CHANNEL,
            token_hash=hash_of(token),
            made_by=ask.who.id,
            expires_at=now + VALID_MS,
        )
    )
    actor = Actor.of(ask.who.person, ask.role, ask.channel)
    await note(ask.unit, actor, "create", "invitation", right="contact_point", on_behalf=person.key)
    link = _LINK.format(bot=telegram.bot, token=token)
    await ask.settle(message("invite.link", time=At(now + VALID_MS), link=link))
