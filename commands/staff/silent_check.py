"""Are these people still in their chat with us? Looked at without a sound or a message.

Whoever blocked the bot, or left the chat while nobody was told, is found out before a page has to.
"""

from collections.abc import Collection

from sqlmodel import col, select

from commands.places import place_of
from storage import outbox
from storage.store import Unit
from storage.tables import Identity, Person

KIND = "probe"


async def silent_check(unit: Unit, keys: Collection[str]) -> int:
    """Ask the messengers about every chat of these people (by key) that we think stands; returns
    how many were asked. Behind all that is waiting to be said."""
    found = await unit.session.exec(
        select(Identity)
        .join(Person)
        .where(
            Person.region_id == unit.region_id,
            col(Person.active).is_(True),
            col(Person.key).in_(keys),
            col(Identity.joined_at).is_not(None),
        )
        .order_by(col(Identity.id))
    )
    identities = found.all()
    for identity in identities:
        outbox.queue(
            unit,
            channel=identity.channel,
            destination=place_of(identity),
            kind=KIND,
            payload={"user": identity.address},
            lane=outbox.REST,
        )
    return len(identities)
