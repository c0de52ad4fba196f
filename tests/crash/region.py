"""A fictional region whose people have Telegram: the bot dies, Telegram and its people stay."""

import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlmodel import select

from bot.app import clock_of, store_of
from bot.clock import write_story
from commands.people import row_id
from commands.seed import seed_people, seed_roster
from config.load import load
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage.schema import migrate
from storage.store import Store
from storage.tables import Identity, Person
from tests.crash.victim import Victim
from tests.kit.synapse import Synapse
from tests.kit.telegram import person
from tests.kit.telegram.region import BOT, enrolled, join_telegram
from tests.kit.telegram.server import FakeTelegram
from tests.stories.stage import amsterdam

PASSWORD = "een wachtwoord van niemand"
BEGINS = amsterdam(2026, 7, 10, 15, 40)
ON_DUTY = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
CONTACT_POINTS = ("vt_ap", "om_ap", "politie_ap", "rvdk_ap")
IN_THE_OFFICE = ("coordinator", "beheerder", *CONTACT_POINTS)  # they cannot do without Matrix
_numbers = itertools.count(1)


class Region:
    """The folder, the database, everybody's phone, and the process that will be killed."""

    def __init__(self, synapse: Synapse, telegram: FakeTelegram, folder: Path) -> None:
        self.telegram = telegram
        self.people: dict[str, person.Person] = {}
        self._synapse = synapse
        self._mark = f"-crash{next(_numbers)}"
        self.settings = Settings(
            config_dir=folder / "kortelijn",
            health_port=0,
            story_clock=folder / "story",
            telegram_api=telegram.url,
        )
        self.victim = Victim(self.settings, folder)

    async def prepare(self, reporters: Iterable[str]) -> None:
        """Everybody is enrolled on Telegram, who is on duty and the `reporters` besides."""
        await self._write_folder(tuple(reporters))
        assert self.settings.story_clock is not None
        write_story(self.settings.story_clock, int(BEGINS.timestamp() * 1000), 1)
        configuration = load(self.settings)
        store = self.store()
        try:
            await migrate(store.engine)
            async with store.unit() as unit:
                await seed_people(unit, configuration.people)
                await seed_roster(unit, configuration.roster)
                for somebody in (await unit.session.exec(select(Person))).all():
                    if somebody.key not in IN_THE_OFFICE:
                        unit.session.add(self._enrolled(somebody, unit.now))
        finally:
            await store.close()

    def store(self) -> Store:
        """The same database, for looking into it. The caller closes it."""
        return store_of(self.settings, load(self.settings), clock_of(self.settings))

    async def _write_folder(self, reporters: tuple[str, ...]) -> None:
        folder, secrets = self.settings.config_dir, self.settings.secrets_dir
        server = self._synapse.server_name
        blueprint = replace(demo_region(self._synapse.base_url, server), group_room="")
        scaffold(folder, secrets, blueprint, PASSWORD)
        for name in ("people.toml", "region.toml"):
            path = folder / name
            path.write_text(path.read_text().replace(f":{server}", f"{self._mark}:{server}"))
        only_telegram = [key for key in load(self.settings).people if key not in IN_THE_OFFICE]
        join_telegram(folder, secrets, self.telegram.token, only_telegram)
        with (folder / "people.toml").open("a") as people:
            people.writelines(_reporter(key) for key in reporters)
        for key in ("kortelijn", *IN_THE_OFFICE):
            await self._synapse.register(f"{key}{self._mark}", PASSWORD)

    def _enrolled(self, somebody: Person, now: int) -> Identity:
        phone = self.people[somebody.key] = self.telegram.person(somebody.key)
        phone.started = True
        return enrolled(row_id(somebody), phone.id, now)


def _reporter(key: str) -> str:
    return f"""
[[people]]
key = "{key}"
partner = "vt"
label = "VT {key}"
roles = ["melder"]
"""


@asynccontextmanager
async def a_region(
    synapse: Synapse, folder: Path, reporters: Iterable[str]
) -> AsyncIterator[Region]:
    """A region at work. What passes on Telegram fits the description of its Bot API, or leaving
    fails."""
    async with FakeTelegram() as telegram:
        telegram.bot["username"] = BOT
        region = Region(synapse, telegram, folder)
        await region.prepare(reporters)
        try:
            await region.victim.start()
            yield region
        finally:
            await region.victim.stop()
