"""Buttons pressed too often, by others than were asked, or with data that we never made."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.tables import Chain, InboxRow, Page
from tests.faults.telegram_region import HANG_S, LINE, TelegramRegion, pages, telegram_region
from tests.kit.telegram.person import Person
from tests.kit.telegram.screen import TelegramSeen

MANY = 10_000
FORGED = (
    "1.00000000",
    "1",
    "take:1",
    "9.ffffffff",
    "-1.0b4ebc86",
    "1." + "f" * 3_000,
    "²." + "f" * 8,
    "'; DROP TABLE page; --",
    "\u202e1.\x00",
    "",
)
_queries = itertools.count(9_000_000_001)


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[TelegramRegion]:
    async with telegram_region(tmp_path) as region:
        yield region


@pytest.fixture
async def police(region: TelegramRegion) -> Person:
    return await region.enrolled("politie_cvd1", "politie_ap")


@pytest.fixture
async def prosecutor(region: TelegramRegion) -> Person:
    return await region.enrolled("om_ovj1", "om_ap")


def sends(
    region: TelegramRegion, presser: Person, message: TelegramSeen, data: str | None, **more: object
) -> None:
    """What a client of one's own can send: any data under any message that it has seen."""
    chat = region.telegram.chats.known(message.chat_id)
    query = {
        "id": str(next(_queries)),
        "from": presser.user,
        "message": chat.posts[message.message_id].body,
        "chat_instance": "1",
    }
    region.telegram.updates.add(
        "callback_query", query | ({} if data is None else {"data": data}) | more
    )


async def states(region: TelegramRegion) -> Counter[str]:
    return Counter(page.state for page in await region.rows(Page))


async def taken(region: TelegramRegion) -> list[str]:
    """Partners whose chain somebody took."""
    chains = await region.rows(Chain)
    return sorted(chain.partner for chain in chains if chain.acked_page_id is not None)


async def stands(region: TelegramRegion, key: str, fragment: str) -> None:
    """Such a message stands on Matrix, with its buttons."""
    async with asyncio.timeout(HANG_S):
        while not any(said.buttons for said in region.shown(key, fragment)):
            await asyncio.sleep(0.01)


async def test_ten_thousand_presses_have_one_effect_and_hold_up_nobody(
    region: TelegramRegion, police: Person, prosecutor: Person
) -> None:
    await region.alarm()
    await region.quiet()
    page, known = pages(police)[-1], len(await region.rows(InboxRow))
    region.telegram.log.clear()
    for _ in range(MANY):
        await police.taps(page, "Ik pak op")
    region.says("vt_gw1", LINE)  # a second alarm meanwhile
    await police.shows(page, "Jij pakt")
    await stands(region, "vt_gw1", "Er is nog niets verstuurd")
    region.taps("vt_gw1", "Er is nog niets verstuurd", "1️⃣")
    await prosecutor.sees(lambda: len(pages(prosecutor)) == 2 or None, "the page of the second")
    assert len(region.telegram.updates.pending) > 1_000, "the page did not wait for them"
    await prosecutor.taps(pages(prosecutor)[0], "Ik pak op")
    await region.quiet()
    assert {"om", "politie"} <= set(await taken(region))
    kept = len(await region.rows(InboxRow)) - known
    assert kept < 200, "each would be a row, a transaction and an answer"
    made = region.telegram.log.of("sendMessage", chat=police.id)
    assert len(made) <= 3, "two headlines and the second page; presses make no messages"
    assert len(region.telegram.log.of("editMessageText", chat=police.id)) < 100


async def test_who_changes_their_mind_at_once_is_heard_each_time(
    region: TelegramRegion, police: Person
) -> None:
    await region.alarm()
    await region.quiet()
    page = pages(police)[-1]
    await police.taps(page, "Ik pak op")
    await region.quiet()
    assert await taken(region) == ["politie"]
    await police.writes("kan niet")
    await region.quiet()
    assert await taken(region) == []


async def test_data_that_we_never_made_takes_nothing(
    region: TelegramRegion, police: Person
) -> None:
    await region.alarm()
    await region.quiet()
    page = pages(police)[-1]
    for data in FORGED:
        sends(region, police, page, data)
    sends(region, police, page, None, game_short_name="chess")
    await region.quiet()
    assert await taken(region) == []
    assert {row.state for row in await region.rows(InboxRow)} == {"done"}, "each was read"
    await police.taps(page, "Ik pak op")
    await region.quiet()
    assert await taken(region) == ["politie"]


async def test_a_press_counts_for_who_presses_and_not_for_whose_page_it_is(
    region: TelegramRegion, police: Person, prosecutor: Person
) -> None:
    """Their client shows the page of another, in whatever way; its data is right."""
    await region.alarm()
    await region.quiet()
    mine = pages(police)[-1]
    (yes, no) = (mine.button(label)["callback_data"] for label in ("Ik pak op", "Kan niet"))
    stranger = region.telegram.person("passer-by")
    for presser in (stranger, prosecutor):
        for data in (yes, no):
            sends(region, presser, mine, data)
            await region.quiet()
    assert await taken(region) == []
    assert "declined" not in await states(region)
    assert mine.buttons == ("Ik pak op", "Kan niet"), "nothing changed under the page"
    await police.taps(mine, "Ik pak op")
    await region.quiet()
    assert await taken(region) == ["politie"]
    assert not [seen for seen in stranger.messages if seen.sender == stranger.bot]


async def test_pressing_yes_and_no_in_turn_makes_no_heap_of_messages(
    region: TelegramRegion, police: Person
) -> None:
    """These are no repeats: still each makes at most one change of the one message."""
    await region.alarm()
    await region.quiet()
    page = pages(police)[-1]
    region.telegram.log.clear()
    for _ in range(50):
        await police.taps(page, "Kan niet")
        await police.taps(page, "Ik pak op")
    await region.quiet()
    assert len(region.telegram.log.of("sendMessage", chat=police.id)) <= 1
    assert len(region.telegram.log.of("editMessageText", chat=police.id)) <= 101
