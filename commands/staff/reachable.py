"""Whether somebody can be called, in one definition for rosters, people and `main.py check`.

Reachable is who is in a chat with us that they have not left or blocked, and heard the test page
there within 30 days; or whom a fallback reaches (SMS, e-mail, voice). It decides what is planned
and what is warned of, never whom a running alarm calls: that is everybody who has a messenger.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.onboard import TEST_HOLDS_MS
from commands.people import row_id
from commands.rules.moments import DAY
from commands.world import World
from storage.store import Unit
from storage.tables import Identity, Person

# Nobody said within this time that they still belong here (docs/decisions/0036).
CONFIRMED_HOLDS_MS = 97 * DAY

Why = Literal["tested", "fallback", "no_chat", "left_chat", "no_test", "test_old", "unconfirmed"]
_IT_WORKS = ("tested", "fallback")
_PEOPLE = (
    select(Person, Identity)
    .outerjoin(Identity, col(Identity.person_id) == col(Person.id))
    .where(Person.region_id == bindparam("region"), col(Person.active).is_(True))
    .order_by(col(Person.id), col(Identity.id))
)


@dataclass(frozen=True)
class Reach:
    """How somebody stands, and why."""

    person_id: int
    why: Why
    until: int | None = None  # how long the last test holds or held (UTC epoch milliseconds)

    @property
    def works(self) -> bool:
        """True if they can be put on a roster."""
        return self.why in _IT_WORKS


async def reachable_people(unit: Unit, world: World) -> Mapping[str, Reach]:
    """Every active person of the region, by key."""
    people: dict[str, Person] = {}
    chats: dict[str, list[Identity]] = {}
    asked = {"region": unit.region_id}
    for person, identity in await unit.session.exec(_PEOPLE, params=asked):
        people[person.key] = person
        chats.setdefault(person.key, []).extend([identity] if identity else [])
    return {
        key: _reach(person, chats[key], bool(world.fallback.get(key)), unit.now)
        for key, person in people.items()
    }


def unreachable(reach: Mapping[str, Reach], keys: Collection[str]) -> list[str]:
    """Of these people those who cannot be called; who is not known to us neither."""
    return [key for key in keys if key not in reach or not reach[key].works]


def _reach(person: Person, chats: Sequence[Identity], by_fallback: bool, now: int) -> Reach:
    number = row_id(person)
    joined = [chat for chat in chats if chat.joined_at is not None]
    proven = max((chat.proven_at for chat in joined if chat.proven_at is not None), default=None)
    until = proven + TEST_HOLDS_MS if proven is not None else None
    if person.confirmed_at is not None and person.confirmed_at + CONFIRMED_HOLDS_MS <= now:
        return Reach(number, "unconfirmed", until)
    if until is not None and now < until:
        return Reach(number, "tested", until)
    if by_fallback:
        return Reach(number, "fallback", until)
    if not joined:
        return Reach(number, "left_chat" if _was_there(chats) else "no_chat")
    return Reach(number, "no_test" if until is None else "test_old", until)


def _was_there(chats: Sequence[Identity]) -> bool:
    """On Telegram the chat begins with them, so who is not in it blocked us."""
    return any(chat.channel == "telegram" and chat.direct_room is not None for chat in chats)
