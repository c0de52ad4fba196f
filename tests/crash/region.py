"""A fictional region whose people have Telegram: the bot dies, Telegram and its people stay."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterable
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
    """The folder, the database, everybody's phone, and the processes that will be killed: one, or
    several on a database that they share."""

    def __init__(
        self,
        synapse: Synapse,
        telegram: FakeTelegram,
        folder: Path,
        *,
        address: str | None = None,
        line: str | None = None,
        instances: int = 1,
        program: str = "main",
    ) -> None:
        """`address` of a database on PostgreSQL; without it there is a file of SQLite. `line` is
        how the bot gets there, if not so. `program` is the module that is the bot."""
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
        if address is not None:
            self.settings = self.settings.model_copy(update={"database_url": address})
        theirs = self.settings.model_copy(update={"database_url": line} if line else {})
        self.victims = [_victim(theirs, folder, number, program) for number in range(instances)]

    @property
    def victim(self) -> Victim:
        """The only one, or the first."""
        return self.victims[0]

    async def ready(self) -> None:
        """Wait until all of them work. Raises `Unruly`."""
        for victim in self.victims:
            await victim.ready()

    async def prepare(
        self, reporters: Iterable[str], more: Callable[[Path], None] | None = None
    ) -> None:
        """Everybody is enrolled on Telegram, who is on duty and the `reporters` besides. `more`
        has its say in the configuration folder before it is read."""
        await self._write_folder(tuple(reporters))
        if more is not None:
            more(self.settings.config_dir)
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

    def user_id(self, key: str) -> str:
        """Of those who are on Matrix."""
        return self._synapse.user_id(f"{key}{self._mark}")

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


def _victim(settings: Settings, folder: Path, number: int, program: str) -> Victim:
    """The first one has the region's own data folder."""
    if number == 0:
        return Victim(settings, folder, program)
    own = folder / f"instance-{number + 1}"
    own.mkdir()
    return Victim(settings.model_copy(update={"data_dir": own / "data"}), own, program)


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
    synapse: Synapse,
    folder: Path,
    reporters: Iterable[str],
    *,
    address: str | None = None,
    line: str | None = None,
    instances: int = 1,
    program: str = "main",
    more: Callable[[Path], None] | None = None,
) -> AsyncIterator[Region]:
    """A region at work. What passes on Telegram fits the description of its Bot API, or leaving
    fails. The rest is as of `Region` and its `prepare`."""
    async with FakeTelegram() as telegram:
        telegram.bot["username"] = BOT
        region = Region(
            synapse,
            telegram,
            folder,
            address=address,
            line=line,
            instances=instances,
            program=program,
        )
        await region.prepare(reporters, more)
        try:
            for victim in region.victims:  # the others need what the first one makes
                await victim.start()
            yield region
        finally:
            for victim in region.victims:
                await victim.stop()
