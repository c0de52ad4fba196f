"""From a typed command to the reply on the screen, as the person who typed it has it.

The floor is the same way through the same server with a minimal nio bot at its end, which
answers every message with a text of that length. Encrypted, warm, the same kind of room.
"""

import asyncio
from time import perf_counter

from tests.bench.figure import Ratio, milliseconds
from tests.bench.house import House
from tests.kit.phone import Phone
from tests.kit.seen import Happening

COMMAND = "dienst"
WITHIN_S = 30.0


async def measure(house: House, samples: int) -> Ratio:
    """One command to the bot, one to the echo, in turn."""
    ours: list[float] = []
    floor: list[float] = []
    phone = house.melders[0]
    await house.wire.calm(WITHIN_S)
    for each in (phone, house.echo_phone):
        each.follow()
    _, reply = await _ask(phone, phone.direct_room)
    await house.echo.tell("echo", text=reply)
    await _ask(house.echo_phone, house.echo_room)
    for _ in range(samples):
        took, _ = await _ask(phone, phone.direct_room)
        ours.append(took)
        await house.wire.calm(WITHIN_S)
        took, _ = await _ask(house.echo_phone, house.echo_room)
        floor.append(took)
        await house.echo_wire.calm(WITHIN_S)
    for each in (phone, house.echo_phone):
        await each.unfollow()
    return Ratio(milliseconds(ours), milliseconds(floor))


async def _ask(phone: Phone, room: str) -> tuple[float, str]:
    """Seconds until the reply could be read, and the reply."""
    answered: asyncio.Future[tuple[float, str]] = asyncio.get_running_loop().create_future()

    def listen(happening: Happening) -> None:
        message = happening.message
        if message is None or happening.what != "message" or answered.done():
            return
        if message.sender == phone.bot and message.room == room:
            answered.set_result((perf_counter(), message.text))

    phone.screen.listeners.append(listen)
    begun = perf_counter()
    saying = asyncio.create_task(phone.says(room, COMMAND))
    try:
        async with asyncio.timeout(WITHIN_S):
            at, text = await answered
        await saying
    finally:
        phone.screen.listeners.remove(listen)
    return at - begun, text
