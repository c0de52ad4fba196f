"""One round of pages: ours from a press, the bare client's from any message.

Both begin when the answer with the update has reached the client whole, byte for byte, and end
when the answer to the last `sendMessage` has. Both are seen on the wire before the server.
"""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.telegram.house import PARTNERS, WITHIN_S, House
from tests.bench.wire import Exchange, Wire

ALARM = "/alarm skm spoed Centrum"
SEND = "Verstuur: spoed"
TAKE = "Ik pak op"
GO = "nu"
LOOK_EVERY_S = 0.01


@dataclass(frozen=True)
class Round:
    """Seconds since the update was there, until the first page left and the last was accepted."""

    first: float
    last: float
    text: str
    buttons: tuple[str, ...]


async def draft(house: House, *melders: str) -> None:
    """They type the line; each has the last screen, and nothing is under way any more."""
    for melder in melders:
        await house.telegram.tell("write", name=melder, text=ALARM)
    for melder in melders:
        await house.telegram.tell("asked", name=melder, label=SEND)
    await house.calm()


async def ours(
    house: House, melders: list[str], partners: int = PARTNERS, within_s: float = WITHIN_S
) -> Round:
    """They all press send in the same moment."""
    house.wire.forget()
    (press, *_) = await house.telegram.tell("press", names=melders, label=SEND)
    await sent(house.wire, partners * len(melders), within_s)
    seen = house.wire.exchanges
    pages = accepted(seen, TAKE)
    there_at = arrived(seen, press)
    keys = json.loads(pages[0].form["reply_markup"])["inline_keyboard"]
    return Round(
        min(each.begun for each in pages) - there_at,
        max(each.answered for each in pages) - there_at,
        pages[0].form["text"],
        tuple(key["text"] for row in keys for key in row),
    )


async def sent(wire: Wire, pages: int, within_s: float) -> None:
    """Return once so many pages were accepted. Raises `TimeoutError`."""
    async with asyncio.timeout(within_s):
        while len(accepted(wire.exchanges, TAKE)) < pages:
            await asyncio.sleep(LOOK_EVERY_S)


async def bare(
    house: House, like: Round, alarms: int = 1, *, at_once: int = 1_000, rest_s: float = 0.0
) -> float:
    """Seconds for the same texts with the same buttons, `at_once` and then the next so many."""
    wire = house.bare.wire
    wire.forget()
    sending = asyncio.create_task(
        house.bare.client.tell(
            "page",
            chats=house.bare.chats,
            texts=[like.text] * alarms,
            buttons=like.buttons,
            at_once=at_once,
            rest_s=rest_s,
        )
    )
    await _listens(wire)
    await house.bare.telegram.tell("write", name="melder", text=GO, times=alarms)
    await sending
    sends = accepted(wire.exchanges)
    assert len(sends) == len(house.bare.chats) * alarms, f"the bare client sent {len(sends)}"
    return max(each.answered for each in sends) - arrived(wire.exchanges, GO)


async def _listens(wire: Wire) -> None:
    await wire.until(lambda seen: any(each.waits for each in seen), WITHIN_S)


def is_send(each: Exchange, button: str = "") -> bool:
    """A `sendMessage` that was answered; with this button if one is named."""
    if not each.answered or not each.target.endswith("/sendMessage"):
        return False
    return not button or button in each.form.get("reply_markup", "")


def accepted(seen: Iterable[Exchange], button: str = "") -> list[Exchange]:
    """The messages among them, in the order in which they were begun."""
    return [each for each in seen if is_send(each, button)]


def arrived(seen: Iterable[Exchange], what: str) -> float:
    """When news that contains this had reached the client."""
    return min(each.answered for each in seen if each.asks_news and each.tells(what))
