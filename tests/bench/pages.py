"""From the confirmation of an alarm to the last page that the homeserver accepted.

Ours begins when the answer with the initiator's reaction has reached the bot, byte for byte,
and ends when the answer to the last of the four pages has. The floor begins when a bare client
is told to send as many messages of that length to as many direct rooms, all at once, and ends
in the same way. Both are seen from outside, at the wire before the server.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

from tests.bench.figure import Ratio, Samples, milliseconds
from tests.bench.house import ON_DUTY, House
from tests.bench.wire import Exchange
from tests.kit.phone import Phone
from tests.kit.seen import Seen

ALARM = "alarm skm spoed Centrum"
CONFIRM = ("1️⃣", "2️⃣", "❌")
ANSWERS = ["✅", "❌"]
PARTNERS = 4
BUTTONS = PARTNERS * len(ANSWERS)
WITHIN_S = 30.0
MINUTE_S = 60.5  # a second alarm of one person within a minute is questioned


@dataclass(frozen=True)
class Paging:
    """Milliseconds, and what they are to the floor."""

    pages: Ratio
    buttons: Ratio  # until the last reaction under the pages stands, from the same beginning
    first_request: Samples  # until the bot began to send the first page: its own work


async def measure(house: House, samples: int) -> Paging:
    """One alarm, one bare round, in turn."""
    direct = [house.phones[key].direct_room for key in ON_DUTY]
    ours: list[float] = []
    buttons: list[float] = []
    firsts: list[float] = []
    floor: list[float] = []
    floor_buttons: list[float] = []
    free_again: dict[str, float] = {}
    for number in range(samples):
        melder = house.melders[number % len(house.melders)]
        await asyncio.sleep(free_again.get(melder.name, 0.0) - perf_counter())
        draft = await _draft(melder)
        await _calm(house)
        sent, reacted = await _bare(house, draft.text)
        floor.append(sent)
        floor_buttons.append(sent + reacted)
        await _calm(house)
        house.wire.forget()
        tap = await melder.taps(draft, CONFIRM[0])
        free_again[melder.name] = perf_counter() + MINUTE_S
        await house.wire.until(lambda seen: len(_reactions(seen, direct)) >= BUTTONS, WITHIN_S)
        seen = house.wire.exchanges
        arrived = min(each.answered for each in seen if each.asks_news and each.tells(tap))
        pages = _pages(seen, direct)
        firsts.append(min(each.begun for each in pages) - arrived)
        ours.append(max(each.answered for each in pages) - arrived)
        buttons.append(max(each.answered for each in _reactions(seen, direct)) - arrived)
    return Paging(
        Ratio(milliseconds(ours), milliseconds(floor)),
        Ratio(milliseconds(buttons), milliseconds(floor_buttons)),
        milliseconds(firsts),
    )


async def _draft(melder: Phone) -> Seen:
    """Type the line; the last screen stands with its buttons."""

    def stands() -> Seen | None:
        for seen in reversed(melder.messages):
            if seen.sender == melder.bot and seen.emoji(melder.bot) == CONFIRM and not seen.edits:
                return seen
        return None

    await melder.says(melder.direct_room, ALARM)
    return await melder.sees(stands, "the last screen of the alarm")


async def _calm(house: House) -> None:
    """Neither client has anything under way but waiting for news."""
    await house.wire.calm(WITHIN_S)
    await house.bare_wire.calm(WITHIN_S)


async def _bare(house: House, text: str) -> tuple[float, float]:
    """Seconds for the messages, and for the reactions under them."""
    spans = []
    for order, arguments in (
        ("send", {"texts": dict.fromkeys(house.bare_rooms, text)}),
        ("react", {"emoji": ANSWERS}),
    ):
        house.bare_wire.forget()
        told = await house.bare.tell(order, **arguments)
        puts = [each for each in house.bare_wire.exchanges if each.method == "PUT"]
        spans.append(max(each.answered for each in puts) - told["begun"])
    return spans[0], spans[1]


def _pages(seen: Iterable[Exchange], rooms: list[str]) -> list[Exchange]:
    return [each for each in seen if _sent(each, "m.room.encrypted", rooms)][:PARTNERS]


def _reactions(seen: Iterable[Exchange], rooms: list[str]) -> list[Exchange]:
    return [each for each in seen if each.answered and _sent(each, "m.reaction", rooms)]


def _sent(each: Exchange, kind: str, rooms: list[str]) -> bool:
    parts = each.target.split("/")
    return each.method == "PUT" and parts[6:8] == ["send", kind] and parts[5] in rooms
