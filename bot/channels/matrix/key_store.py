"""Where the keys of our device are kept: nio's store, but for the keys of room messages, which are
read from the disk when a message needs them and not all at the start.
"""

from collections import OrderedDict
from typing import Any

from nio.crypto.sessions import InboundGroupSession  # type: ignore[import-untyped]
from nio.store import SqliteStore  # type: ignore[import-untyped]
from nio.store.models import MegolmInboundSessions  # type: ignore[import-untyped]

ROOMS_AT_HAND = 200
_BY_ROOM = (
    "CREATE INDEX IF NOT EXISTS megolminboundsessions_room ON megolminboundsessions (room_id)"
)

Keys = dict[str, dict[str, Any]]  # sender key -> session id -> session


class InboundKeys:
    """Stands in for nio's `GroupSessionStore`: the same questions, only the rooms read last are in
    memory. Our own keys are not among them, for nobody asks us what we said ourselves."""

    def __init__(self, store: "KeyStore") -> None:
        self._store = store
        self._rooms: OrderedDict[str, Keys] = OrderedDict()

    def __getitem__(self, room_id: str) -> Keys:
        keys = self._rooms.get(room_id)
        if keys is None:
            keys = self._rooms[room_id] = self._store.keys_of(room_id)
            while len(self._rooms) > ROOMS_AT_HAND:
                self._rooms.popitem(last=False)
        self._rooms.move_to_end(room_id)
        return keys

    def get(self, room_id: str, sender_key: str, session_id: str) -> Any:
        return self[room_id].get(sender_key, {}).get(session_id)

    def add(self, session: Any) -> bool:
        """False if it is there already; the caller keeps it on the disk."""
        if self._store.is_own(session):
            return True
        keys = self[session.room_id].setdefault(session.sender_key, {})
        if session in keys.values():
            return False
        keys[session.id] = session
        return True

    def forget(self, room_id: str) -> None:
        """Also on the disk."""
        self._rooms.pop(room_id, None)
        self._store.delete_keys_of(room_id)


class KeyStore(SqliteStore):  # type: ignore[misc]
    """The file of one device."""

    own_key = ""  # the device's own curve25519

    def is_own(self, session: Any) -> bool:
        return bool(session.sender_key == self.own_key)

    def load_account(self) -> Any:
        account = super().load_account()
        if account is not None:
            self.own_key = account.identity_keys["curve25519"]
        return account

    def save_account(self, account: Any) -> None:
        super().save_account(account)
        self.own_key = account.identity_keys["curve25519"]

    def load_inbound_group_sessions(self) -> InboundKeys:
        """None of them yet."""
        self.database.execute_sql(_BY_ROOM)
        self._delete(MegolmInboundSessions.sender_key == self.own_key)
        return InboundKeys(self)

    def save_inbound_group_session(self, session: Any) -> None:
        if not self.is_own(session):
            super().save_inbound_group_session(session)

    def delete_keys_of(self, room_id: str) -> None:
        self._delete(MegolmInboundSessions.room_id == room_id)

    def _delete(self, which: Any) -> None:
        with self.database.bind_ctx(self.models):
            MegolmInboundSessions.delete().where(which).execute()

    def keys_of(self, room_id: str) -> Keys:
        """What others' devices gave us to read this room with."""
        keys: Keys = {}
        with self.database.bind_ctx(self.models):
            account = self._get_account()
            rows = MegolmInboundSessions.select().where(
                MegolmInboundSessions.account == account, MegolmInboundSessions.room_id == room_id
            )
            for row in rows:
                session = InboundGroupSession.from_pickle(
                    row.session,
                    row.fp_key,
                    row.sender_key,
                    row.room_id,
                    self.pickle_key,
                    [chain.sender_key for chain in row.forwarded_chains],
                )
                keys.setdefault(row.sender_key, {})[session.id] = session
        return keys
