"""The fictional region in a folder of its own, with accounts that no other test has."""

import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest

from config.scaffold import demo_region, scaffold
from tests.kit.synapse import Synapse
from tests.program.program import Program, free_port

PASSWORD = "een wachtwoord van niemand"
_numbers = itertools.count(1)


def write_region(folder: Path, homeserver: str, server: str) -> str:
    """Write the folder; returns the number that everybody's user name ends with."""
    number = f"prg{next(_numbers)}"
    scaffold(folder, folder / "secrets", demo_region(homeserver, server), PASSWORD)
    for name in ("people.toml", "region.toml"):
        path = folder / name
        path.write_text(path.read_text().replace(f":{server}", f"-{number}:{server}"))
    return number


class Region(Program):
    """A region on a homeserver; the bot has its account, the others when they sign in."""

    number = ""

    def user(self, key: str) -> str:
        """The local part of somebody's Matrix name."""
        return f"{key}-{self.number}"


class MakeRegion(Protocol):
    async def __call__(self, synapse: Synapse | None = None, **environment: str) -> Region: ...


@pytest.fixture
async def make_region(tmp_path: Path) -> AsyncIterator[MakeRegion]:
    """Without a homeserver its address is one where nobody listens."""
    made: list[Region] = []

    async def make(synapse: Synapse | None = None, **environment: str) -> Region:
        region = Region(tmp_path / f"{len(made)}" / "kortelijn", **environment)
        made.append(region)
        away = f"http://127.0.0.1:{free_port()}"
        server = synapse.server_name if synapse else "lage-dijk.example"
        region.number = write_region(region.folder, synapse.base_url if synapse else away, server)
        if synapse is not None:
            await synapse.register(region.user("kortelijn"), PASSWORD)
        return region

    yield make
    for region in made:
        await region.close()


@pytest.fixture(scope="session")
async def started_once(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A region after its first start, whose homeserver was away. Not to be changed."""
    region = Region(tmp_path_factory.mktemp("once") / "kortelijn")
    region.number = write_region(
        region.folder, f"http://127.0.0.1:{free_port()}", "lage-dijk.example"
    )
    running = await region.run()
    try:
        await running.until_logged("start_waits")
        assert await running.stop() == 0
    finally:
        await region.close()
    return region


@pytest.fixture
async def started(started_once: Region, tmp_path: Path) -> AsyncIterator[Region]:
    """The same, to do with as a test likes."""
    shutil.copytree(started_once.folder, tmp_path / "kortelijn")
    region = Region(tmp_path / "kortelijn")
    yield region
    await region.close()
