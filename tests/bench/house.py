"""What is measured on: one homeserver, the fictional region with its staff, the bot, two bare
clients. Each of the three clients goes through a wire of its own.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.folder import PASSWORD, configure
from tests.bench.peer import Peer
from tests.bench.program import Program
from tests.bench.wire import Wire
from tests.kit.phone import Phone
from tests.kit.synapse import Synapse

ON_DUTY = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1", "rvdk_contact2")


@dataclass
class House:
    """Everything is started and everybody is in their direct chat."""

    program: Program
    config_dir: Path
    synapse: Synapse
    phones: dict[str, Phone]
    melders: list[Phone]  # in turn: a second alarm within a minute would be questioned
    wire: Wire  # of the bot
    bare: Peer
    bare_wire: Wire
    bare_rooms: list[str]  # one for each partner that the bot pages
    echo: Peer
    echo_wire: Wire
    echo_phone: Phone
    echo_room: str


@asynccontextmanager
async def a_house(melders: int, partners: int = 4) -> AsyncIterator[House]:
    """Build it up, and leave nothing behind."""
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kortelijn-bench-"))
        stack.callback(shutil.rmtree, folder)
        synapse = await stack.enter_async_context(Synapse.temporary())
        assert synapse.port is not None
        wires = [Wire("127.0.0.1", synapse.port) for _ in range(3)]
        for wire in wires:
            await wire.start()
            stack.push_async_callback(wire.stop)
        keys = [f"vt_fo{number}" for number in range(melders)]
        config_dir = configure(folder, wires[0].base_url, synapse.server_name, keys)
        bot = await synapse.register("kortelijn", PASSWORD)
        phones = await _sign_in(stack, synapse, bot, [*ON_DUTY, *keys])
        program = Program(config_dir, folder / "bot.log")
        stack.push_async_callback(program.stop)
        await program.start()
        await program.quiet()
        await program.stop()
        await program.start()  # as on any day but the first, on which it makes its tables
        await program.quiet()
        bare, bare_phones = await _bare(stack, synapse, wires[1], folder / "bare", partners)
        echo, (echo_phone,) = await _bare(stack, synapse, wires[2], folder / "echo", 1)
        house = House(
            program=program,
            config_dir=config_dir,
            synapse=synapse,
            phones=phones,
            melders=[phones[key] for key in keys],
            wire=wires[0],
            bare=bare,
            bare_wire=wires[1],
            bare_rooms=await _rooms_of(bare, bare_phones),
            echo=echo,
            echo_wire=wires[2],
            echo_phone=echo_phone,
            echo_room=(await _rooms_of(echo, [echo_phone]))[0],
        )
        for phone in phones.values():
            await phone.settle()
        await program.quiet()
        yield house


async def _sign_in(
    stack: AsyncExitStack, synapse: Synapse, bot: str, names: list[str]
) -> dict[str, Phone]:
    phones = {}
    for name in names:
        user = await synapse.register(name, PASSWORD)
        phones[name] = phone = Phone(synapse.base_url, user, PASSWORD, bot=bot)
        stack.push_async_callback(phone.close)
        await phone.sign_in()
    return phones


async def _bare(
    stack: AsyncExitStack, synapse: Synapse, wire: Wire, folder: Path, partners: int
) -> tuple[Peer, list[Phone]]:
    name = folder.name
    user = await synapse.register(name, PASSWORD)
    await asyncio.to_thread(folder.mkdir)
    arguments = (wire.base_url, user, PASSWORD, str(folder))
    peer = await Peer.start("tests.bench.bare", *arguments)
    stack.push_async_callback(peer.close)
    names = [f"{name}_{number}" for number in range(partners)]
    return peer, list((await _sign_in(stack, synapse, user, names)).values())


async def _rooms_of(peer: Peer, phones: list[Phone]) -> list[str]:
    """Warm: everybody is in, and every device has the key."""
    rooms: list[str] = await peer.tell("open", users=[phone.user_id for phone in phones])
    for phone in phones:
        await phone.settle()
    await peer.tell("follow")
    await peer.tell("until_joined", rooms=rooms)
    await peer.tell("send", texts=dict.fromkeys(rooms, "warm"))
    for phone in phones:
        await phone.settle()
    return rooms
