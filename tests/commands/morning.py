"""A region with everybody enrolled, made once and copied for every test."""

import atexit
import copy
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from commands.onboard import invite_everybody, open_group
from commands.seed import seed_people, seed_roster
from commands.world import World
from config.load import load_folder
from config.scaffold import demo_region, scaffold
from config.settings import Settings
from storage.engine import open_engine
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from tests.commands.harness import FRIDAY_HOSPITAL, MASTER, Desk
from tests.kit.postgres import Postgres
from tests.kit.pristine import Pristine


@dataclass(frozen=True)
class _Morning:
    """A region with everybody enrolled, made once and copied for every test."""

    folder: Path
    desk: Desk
    databases: Pristine | None  # none: the file is in the folder


_mornings: dict[tuple[int, bool, bool], _Morning] = {}
_server: list[Postgres] = []  # the one to work on; none: SQLite


@contextmanager
def on_postgres(server: Postgres) -> Iterator[None]:
    """Every desk that is opened meanwhile stands on this server."""
    _server.append(server)
    try:
        yield
    finally:
        _server.clear()


@asynccontextmanager
async def open_desk(
    folder_path: Path, *, now: int = FRIDAY_HOSPITAL, joins: bool = True
) -> AsyncIterator[Desk]:
    """A desk with everybody in their direct chat, tested and quiet."""
    server = _server[0] if _server else None
    which = (now, joins, server is not None)
    morning = _mornings.get(which)
    if morning is None:
        morning = _mornings[which] = await _begin(now, joins, server)
    shutil.copytree(morning.folder, folder_path, dirs_exist_ok=True)
    async with _database(morning) as url:
        desk = _desk(folder_path, morning.desk.now, joins, url)
        desk.shown = copy.deepcopy(morning.desk.shown)
        desk.members = copy.deepcopy(morning.desk.members)
        desk.rooms_named = dict(morning.desk.rooms_named)
        desk._number = morning.desk._number
        try:
            yield desk
        finally:
            await desk.store.close()


@asynccontextmanager
async def _database(morning: _Morning) -> AsyncIterator[str | None]:
    """Where it is, if it is not in the folder."""
    if morning.databases is None:
        yield None
    else:
        async with morning.databases.copy() as name:
            yield morning.databases.server.url(name)


def _desk(folder_path: Path, now: int, joins: bool, url: str | None) -> Desk:
    settings = Settings(config_dir=folder_path)
    folder = load_folder(settings)
    time = [now]
    engine = open_engine(url or settings.database_url)
    store = Store(engine, Vault([MASTER]), b"log", folder.region.id, lambda: time[0])
    return Desk(store, World(folder.region, folder.protocols), folder, time, joins=joins)


async def _begin(now: int, joins: bool, server: Postgres | None) -> _Morning:
    path = Path(tempfile.mkdtemp(prefix="kortelijn-morning-")) / "kortelijn"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    settings = Settings(config_dir=path)
    scaffold(settings.config_dir, settings.secrets_dir, demo_region("http://localhost", "x"), "x")
    database = await server.fresh() if server else ""
    desk = _desk(path, now, joins, server.url(database) if server else None)
    await migrate(desk.store.engine)
    async with desk.store.unit() as unit:
        await seed_people(unit, desk.folder.people)
        await seed_roster(unit, desk.folder.roster)
        await unit.session.flush()
        await invite_everybody(unit)
        everybody = [each.matrix for each in desk.folder.people.values() if each.matrix]
        await open_group(unit, desk.world, "matrix", everybody)
    await desk.settle()
    await desk.advance(0.2)
    desk.expect_so_far()
    await desk.store.close()
    return _Morning(path, desk, Pristine(server, database) if server else None)
