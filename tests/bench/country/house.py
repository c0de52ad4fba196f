"""What the country is measured on: a region that does the work of 26, everybody on Telegram, a
fake Telegram, a bare client with one of its own, a homeserver for the case rooms, and databases
full of open cases.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.country.ground import INITIATOR, NEXT, Ground, a_ground
from tests.bench.country.regions import PARTNERS, on_duty, spread
from tests.bench.folder import PASSWORD, configure
from tests.bench.peer import ROOT, Peer
from tests.bench.program import Program
from tests.bench.telegram.database import a_database
from tests.bench.telegram.house import Bare, House, a_bare_client, fake_telegram
from tests.bench.wire import Wire
from tests.kit.synapse import Synapse
from tests.kit.telegram.region import BOT, join_telegram

WITHIN_S = 300.0  # against hanging only


@dataclass(frozen=True)
class Country:
    """Nothing runs yet but the servers and the bare client."""

    ground: Ground
    folder: Path
    telegram: Peer
    wire: Wire
    chats: dict[str, int]
    melders: list[str]
    bare: Bare

    def program(self, name: str, url: str, module: str = "main") -> Program:
        """The bot on this database, with a data folder by this name."""
        environment = {
            "PYTHONPATH": str(ROOT),
            "KORTELIJN_DATABASE_URL": url,
            "KORTELIJN_DATA_DIR": str(self.folder / name),
            "KORTELIJN_TELEGRAM_API": self.wire.base_url,
        }
        log = self.folder / f"{name}.log"
        return Program(self.ground.config_dir, log, environment, module)

    @asynccontextmanager
    async def running(self, name: str, url: str, module: str = "main") -> AsyncIterator[House]:
        """The same, started and at rest, as the measurements by Telegram know it."""
        program = self.program(name, url, module)
        try:
            await program.start(WITHIN_S)
            await program.quiet(WITHIN_S)
            async with a_database(self.ground.config_dir) as database:
                yield House(
                    program=program,
                    database=database,
                    telegram=self.telegram,
                    wire=self.wire,
                    chats=self.chats,
                    melders=self.melders,
                    bare=self.bare,
                )
        finally:
            await program.stop()
            shutil.rmtree(self.folder / name, ignore_errors=True)


@asynccontextmanager
async def a_country(cases: int, regions: int, melders: int) -> AsyncIterator[Country]:
    """Build it up, and leave nothing behind."""
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
        stack.callback(shutil.rmtree, folder)
        synapse = await stack.enter_async_context(Synapse.temporary())
        await synapse.register("kortelijn", PASSWORD)
        telegram, wire = await fake_telegram(stack)
        await telegram.tell("name", bot=BOT)
        keys = [f"{INITIATOR}{number}" for number in range(melders)]
        names = [*on_duty(regions), NEXT, INITIATOR, *keys]
        chats = await telegram.tell("people", names=names)
        config_dir = configure(folder, synapse.base_url, synapse.server_name, keys)
        spread(config_dir, synapse.server_name, regions)
        join_telegram(config_dir, config_dir / "secrets", telegram.greeting["token"], chats)
        bare = await a_bare_client(stack, PARTNERS)
        ground = await stack.enter_async_context(a_ground(config_dir, chats, cases, folder))
        yield Country(
            ground=ground,
            folder=folder,
            telegram=telegram,
            wire=wire,
            chats=chats,
            melders=keys,
            bare=bare,
        )
