"""A new Telegram account takes the place of a lost one: the old phone hears nothing more."""

from sqlmodel import col, select

from commands.after_change import after_change
from commands.elsewhere import call_on
from commands.gone import waiting_pages
from commands.messages import At, message
from commands.open_cases import of_person
from commands.people import identity_on, row_id, with_role
from commands.places import CHANNELS, place_of
from commands.run_chain import load_page
from commands.strangers import say_in_room
from commands.tell import take_away, tell_identity, tell_person
from commands.world import World
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Case, Identity, Person, Post


async def leave_old_phone(unit: Unit, identity: Identity) -> None:
    """What stands there is taken away as far as the messenger allows it, and one line says why.
    Called while the identity still has its old address."""
    place, old_room = place_of(identity), identity.direct_room
    posts = await unit.session.exec(select(Post).where(col(Post.destination) == place))
    for post in posts.all():
        case = await unit.session.get(Case, post.case_id) if post.case_id else None
        await take_away(unit, place, post.slot, case)
    if old_room is not None:
        say_in_room(unit, identity.channel, old_room, message("onboard.replaced_here"))


async def new_phone_works(unit: Unit, world: World, person: Person, identity: Identity) -> None:
    """Open pages come again, on the new phone, and what else their cases ask or tell them; and so
    that nobody takes somebody's place unseen, their other messenger and their contact points are
    told."""
    for page_id in await waiting_pages(unit, row_id(person)):
        found = await load_page(unit, page_id)
        if found is not None and found[1].acked_page_id is None:
            await call_on(unit, identity, found[0], found[2])
    actor = Actor.of(person, "known", identity.channel)
    await note(unit, actor, "change", "identity", right="invitation")
    text = message("onboard.replaced", label=person.label, time=At(unit.now))
    others = {row_id(each) for each in await with_role(unit, "contact_point", person.partner)}
    for person_id in sorted(others - {row_id(person)}):
        await tell_person(unit, person_id, text)
    for channel in CHANNELS:
        other = await identity_on(unit, row_id(person), channel)
        if other is not None and other is not identity and other.joined_at is not None:
            tell_identity(unit, other, text)
    for case in await of_person(unit, row_id(person)):
        await after_change(unit, world, case)
