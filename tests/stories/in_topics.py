"""The stage of a region in mode `thread`: its case rooms are topics of a forum on Telegram."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tests.kit.expect import nothing_unexpected
from tests.kit.synapse import Synapse
from tests.kit.telegram.clock import next_second
from tests.kit.telegram.group import Group
from tests.kit.telegram.region import BOT
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram
from tests.stories.handset import Handset
from tests.stories.stage import ahead_of, at_work
from tests.stories.two_messengers import GROUP, TwoMessengers

OWNER = "beheer van de groep"
DPIA = "DPIA 2026-01"


class InTopics(TwoMessengers):
    """Everybody of the cast has Telegram and sits in the forum."""

    forum: Group

    def _group(self, people: Sequence[Handset]) -> str:
        self.forum = self.telegram.forum(GROUP, self.telegram.person(OWNER), *people)
        lines = ('mode = "thread"', f'dpia_reference = "{DPIA}"', f'group = "{self.forum.id}"')
        return "\n".join(lines)

    @property
    def topic(self) -> str:
        """The newest topic, as messages name their room."""
        return f"{self.forum.id}/{self.forum.topics[-1].number}"

    def in_topic(self, key: str) -> list[str]:
        """What stands in the newest topic on the phone of this person."""
        topic = self.topic
        return [
            seen.text for seen in self.handsets[key].messages if seen.room == topic and seen.text
        ]

    async def says(self, key: str, text: str) -> TelegramSeen:
        """Somebody writes in the newest topic."""
        await self.quiet()
        number = self.forum.topics[-1].number
        self.stir()
        return await self.handsets[key].writes(text, chat=self.forum, thread=number)

    async def ends(self) -> None:
        """What stood in a topic was looked at there, and is gone."""
        await self.quiet()
        for phone in self.handsets.values():
            phone.lets_go("")
        await nothing_unexpected([*self.phones.values(), *self.handsets.values()])


@asynccontextmanager
async def in_topics(
    synapse: Synapse, folder: Path, begins: datetime, phones: Iterable[str], cast: Iterable[str]
) -> AsyncIterator[InTopics]:
    """`cast` has Telegram only; `phones` are those on Matrix, their contact points among them."""
    async with FakeTelegram(next_second) as telegram:
        telegram.bot["username"] = BOT
        ahead = ahead_of(begins) - timedelta(minutes=1)
        stage = InTopics(synapse, telegram, folder, ahead, cast, enrolled=True)
        async with at_work(stage, begins, phones):
            yield stage
