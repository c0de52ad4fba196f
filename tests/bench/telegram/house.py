"""What is measured on: the fictional region whose staff has Telegram only, a Telegram with their
phones, the bot, a bare client with a Telegram of its own, and a homeserver for the case rooms.
The bot and the bare client each go through a wire.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.folder import PASSWORD, configure
from tests.bench.peer import Peer
from tests.bench.program import Program
from tests.bench.telegram.database import Database, a_database
from tests.bench.wire import Wire
from tests.kit.synapse import Synapse
from tests.kit.telegram.region import BOT, join_telegram

ON_DUTY = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1", "rvdk_contact2")
PARTNERS = 4
WITHIN_S = 30.0


@dataclass(frozen=True)
class Bare:
    """The floor: nothing but the library, with a Telegram of its own."""

    client: Peer
    telegram: Peer
    wire: Wire
    chats: list[int]  # one for each partner that the bot pages


@dataclass
class House:
    """Everything is started and everybody has enrolled."""

    program: Program
    database: Database
    telegram: Peer
    wire: Wire  # of the bot
    chats: dict[str, int]  # of those on duty and the melders
    melders: list[str]
    bare: Bare

    async def calm(self) -> None:
        """Neither has anything under way but waiting for news."""
        await self.program.quiet()
        await self.wire.calm(WITHIN_S)
        await self.bare.wire.calm(WITHIN_S)


@asynccontextmanager
async def a_telegram_house(melders: int) -> AsyncIterator[House]:
    """Build it up, and leave nothing behind."""
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
        stack.callback(shutil.rmtree, folder)
        synapse = await stack.enter_async_context(Synapse.temporary())
        await synapse.register("kortelijn", PASSWORD)
        telegram, wire = await fake_telegram(stack)
        await telegram.tell("name", bot=BOT)
        keys = [f"vt_fo{number}" for number in range(melders)]
        chats = await telegram.tell("people", names=[*ON_DUTY, *keys])
        config_dir = configure(folder, synapse.base_url, synapse.server_name, keys)
        join_telegram(config_dir, config_dir / "secrets", telegram.greeting["token"], chats)
        api = {"KORTELIJN_TELEGRAM_API": wire.base_url}
        program = Program(config_dir, folder / "bot.log", api)
        stack.push_async_callback(program.stop)
        await program.start()
        await program.quiet()
        await program.stop()
        database = await stack.enter_async_context(a_database(config_dir))
        await database.bind(chats)
        await program.start()
        bare = await a_bare_client(stack, [f"partner{number}" for number in range(PARTNERS)])
        yield House(
            program=program,
            database=database,
            telegram=telegram,
            wire=wire,
            chats=chats,
            melders=keys,
            bare=bare,
        )


async def a_bare_client(stack: AsyncExitStack, partners: Sequence[str]) -> Bare:
    """Started, and these have spoken to it."""
    telegram, wire = await fake_telegram(stack)
    chats = await telegram.tell("people", names=["melder", *partners])
    arguments = (f"{wire.base_url}/bot", telegram.greeting["token"])
    client = await Peer.start("tests.bench.telegram.bare", *arguments)
    stack.push_async_callback(client.close)
    return Bare(client, telegram, wire, [chats[name] for name in partners])


async def fake_telegram(stack: AsyncExitStack) -> tuple[Peer, Wire]:
    """One in a process of its own, and the wire before it."""
    telegram = await Peer.start("tests.kit.telegram.alone")
    stack.push_async_callback(telegram.close)
    where = urlsplit(telegram.greeting["url"])
    assert where.hostname is not None
    assert where.port is not None
    wire = Wire(where.hostname, where.port)
    await wire.start()
    stack.push_async_callback(wire.stop)
    return telegram, wire
