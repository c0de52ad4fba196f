"""Several people who see, or do, the same, each on the messenger they have."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from tests.kit.seen import Seen
from tests.stories.player import Player

WELCOME = "Casusruimte "
AnyPlayer = TypeVar("AnyPlayer", bound=Player)


class Together(Generic[AnyPlayer]):
    """People by their keys. Whoever is not shown something by design is passed over, and must
    then never show it."""

    def __init__(self, people: Iterable[AnyPlayer]) -> None:
        self.people = tuple(people)

    def __iter__(self) -> Iterator[AnyPlayer]:
        return iter(self.people)

    async def expect(
        self, fragment: str, *, room: str | None = None, loud: bool | None = None
    ) -> dict[str, Seen]:
        """Each of them who is in that room has a new message with this; by key."""
        return {
            person.key: await person.expects(fragment, room=room, loud=loud)
            for person in self
            if person.wording(fragment) and person.is_in(room)
        }

    async def are_welcomed(self, room: str) -> None:
        """Whoever came into the case room first reads what it is for, once; who came later has
        it in the tale of what was before."""
        welcomed = 0
        for person in self:
            if any(seen.room == room and WELCOME in seen.text for seen in person.messages):
                await person.expects(WELCOME, room=room, loud=False)
                welcomed += 1
        assert welcomed, "nobody was welcomed in the room"

    async def read_the_room(self, room: str, stands: str) -> None:
        """As `Player.reads_how_it_stands`, for each."""
        for person in self:
            await person.reads_how_it_stands(room, stands)

    async def show(self, messages: Mapping[str, Seen], fragment: str) -> None:
        """On each of these phones the message has been edited to contain this."""
        for person in self:
            if person.wording(fragment) and person.key in messages:
                await person.shows(messages[person.key], fragment)

    async def choose(self, messages: Mapping[str, Seen], label: str) -> None:
        """Each of them presses that button, at the same moment."""
        await asyncio.gather(*(each.chooses(messages[each.key], label) for each in self))

    async def find_changed(self, fragment: str) -> None:
        """As `Player.finds_changed`, for each."""
        for person in self:
            await person.finds_changed(fragment)

    def let_go(self, *fragments: str) -> None:
        """As `Player.lets_go`, for each."""
        for person in self:
            person.lets_go(*fragments)
