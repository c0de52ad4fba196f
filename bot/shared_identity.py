"""The bot is one user on Matrix however many instances run: all sign their devices with the same
keys. They are kept in the database, sealed, so that a second instance, or one whose folder was
lost, is no stranger to anybody's phone."""

import json

from bot.channels.matrix.cross_signing import SEEDS, USAGES
from bot.channels.matrix.folder import StateFolder
from storage.store import Store
from storage.tables import Kept

_NAME = "matrix identity"


class SharedIdentity:
    """Between the database and this instance's folder."""

    def __init__(self, store: Store, folder: StateFolder) -> None:
        self._store = store
        self._folder = folder

    async def take_up(self) -> bool:
        """Have the keys in the folder; False if there are none anywhere yet."""
        if self._known():
            return True
        async with self._store.view() as unit:
            kept = await unit.session.get(Kept, _NAME)
            if kept is None:
                return False
            seeds = json.loads(unit.vault.unseal(kept.payload))
        self._folder.make()
        self._folder.write(SEEDS, seeds)
        return True

    async def hand_over(self) -> None:
        """What this instance made is there for the others."""
        seeds = self._folder.read(SEEDS)
        async with self._store.unit() as unit:
            if seeds and await unit.session.get(Kept, _NAME) is None:
                payload = unit.vault.seal(json.dumps(seeds))
                unit.session.add(Kept(name=_NAME, payload=payload, kept_at=unit.now))

    def _known(self) -> bool:
        seeds = self._folder.read(SEEDS)
        return all(usage in seeds for usage in USAGES)
