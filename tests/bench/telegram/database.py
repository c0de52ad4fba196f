"""The bench's own hand in the program's database: who is on Telegram, and what waits to be sent.

Written by the program's own code, in another process: the program finds it when it next looks.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col, select

from bot.app import store_of
from bot.clock import WallClock
from commands.messages import message
from commands.people import row_id
from commands.places import group_place, person_place
from commands.tell import payload
from config.load import load
from config.settings import Settings
from storage import outbox
from storage.store import Store
from storage.tables import GroupRoom, OutboxRow, Person
from tests.kit.telegram.region import enrolled

CHANNEL = "telegram"
STATUS = "headline.files_none"  # any text that Telegram may show and that belongs to no case
LANES = (outbox.REST, outbox.HEADLINES)


@asynccontextmanager
async def a_database(config_dir: Path) -> AsyncIterator["Database"]:
    """The database of the program that has this folder; its schema must be there."""
    settings = Settings(config_dir=config_dir)
    store = store_of(settings, load(settings), WallClock())
    try:
        yield Database(store)
    finally:
        await store.close()


class Database:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def bind(self, chats: Mapping[str, int]) -> None:
        """These people (key → their number) have enrolled on Telegram and tapped their test."""
        async with self._store.unit() as unit:
            for person in await unit.session.exec(select(Person)):
                if person.key in chats:
                    unit.session.add(enrolled(row_id(person), chats[person.key], unit.now))

    async def group(self, number: int) -> None:
        """This is the region's group."""
        async with self._store.unit() as unit:
            await unit.session.merge(GroupRoom(channel=CHANNEL, address=str(number)))

    async def pile_up(self, keys: list[str], in_all: int, for_group: int = 0) -> None:
        """So many status messages begin to wait: some for the group, the rest for these people in
        turn, of the lanes of what is not urgent in turn."""
        async with self._store.unit() as unit:
            wanted = select(Person).where(col(Person.key).in_(keys))
            people = (await unit.session.exec(wanted)).all()
            places = [group_place(CHANNEL)] * for_group
            for number in range(in_all - for_group):
                places.append(person_place(row_id(people[number % len(people)]), CHANNEL))
            for number, place in enumerate(places):
                outbox.queue(
                    unit,
                    channel=CHANNEL,
                    destination=place,
                    kind="say",
                    payload=payload(message(STATUS)),
                    lane=LANES[number % len(LANES)],
                )

    async def clear_away(self) -> int:
        """What still waits of those is not sent any more; how many they are."""
        async with self._store.unit() as unit:
            gone = await unit.session.exec(
                update(OutboxRow)
                .where(
                    col(OutboxRow.channel) == CHANNEL,
                    col(OutboxRow.state) == "pending",
                    col(OutboxRow.case_id).is_(None),
                )
                .values(state="cancelled", payload="")
            )
            return int(gone.rowcount)
