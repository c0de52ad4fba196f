"""At start: everybody has a direct chat, and the region its group room."""

from sqlmodel import col, select

from bot.channels.base import Messenger
from commands.onboard import invite_everybody, open_group
from commands.world import World
from storage.store import Store
from storage.tables import Identity, Person


class Onboarding:
    """Brings in who is not in yet; what exists is left alone."""

    def __init__(self, store: Store, world: World, channel: Messenger) -> None:
        self._store = store
        self._world = world
        self._channel = channel

    async def bring_everybody(self) -> None:
        """Ask for the rooms that are missing; the dispatcher makes them."""
        async with self._store.unit() as unit:
            await invite_everybody(unit)
            found = await unit.session.exec(
                select(Identity.address)
                .join(Person)
                .where(
                    Identity.channel == self._channel.name,
                    col(Person.active).is_(True),
                    Person.region_id == unit.region_id,
                )
            )
            await open_group(unit, self._world, self._channel.name, list(found))
