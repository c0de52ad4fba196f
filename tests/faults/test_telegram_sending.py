"""A page on its way to Telegram when something breaks: it arrives, or the next person is called. If
nobody knows whether it arrived it comes again and says so: better twice than never."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.tables import Chain, Page
from tests.faults.telegram_region import HANG_S, TelegramRegion, pages, telegram_region
from tests.kit.telegram.faults import Cut, Fault, Flood, Hang, Noise, Refuse, ServerError
from tests.kit.telegram.faults import Page as ProxyPage
from tests.kit.telegram.person import Person
from tests.kit.telegram.updates import OTHER_POLLER

REPEAT = "Kan een herhaling zijn"
BLOCKED = "Forbidden: bot was blocked by the user"


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[TelegramRegion]:
    async with telegram_region(tmp_path) as region:
        yield region


@pytest.fixture
async def police(region: TelegramRegion) -> Person:
    return await region.enrolled("politie_cvd1", "politie_ap")


async def is_taken(region: TelegramRegion) -> bool:
    (chain,) = await region.rows(Chain, Chain.partner == "politie")
    return chain.acked_page_id is not None


@pytest.mark.parametrize(
    ("fault", "copies", "marked"),
    [
        (Flood(1), 1, False),
        (Refuse(409, OTHER_POLLER), 1, False),
        (ServerError(), 1, True),
        (ProxyPage(), 1, True),
        (Cut(carried_out=False), 1, True),
        (Cut(carried_out=True), 2, True),
        (Noise(), 2, True),
    ],
    ids=["429", "409", "500", "502", "cut before", "cut after", "half an answer"],
)
async def test_it_arrives_and_says_if_it_can_be_a_repeat(
    region: TelegramRegion, police: Person, fault: Fault, copies: int, *, marked: bool
) -> None:
    region.telegram.faults.once("sendMessage", fault, chat=police.id)
    await region.alarm()
    await region.quiet()
    assert fault.times_met == 1
    arrived = pages(police)
    assert len(arrived) == copies
    assert all(seen.loud and seen.buttons for seen in arrived)
    assert [REPEAT in seen.text for seen in arrived] == [False] * (copies - 1) + [marked]
    await police.taps(arrived[0], "Ik pak op")  # whichever is pressed counts
    await region.quiet()
    assert await is_taken(region)
    asking = [seen for seen in pages(police) if "Ik pak op" in seen.buttons and not seen.redacted]
    assert asking == [], "what is answered asks no more"
    (page,) = await region.rows(Page, Page.chain_id == (await _chain(region)).id)
    assert page.state == "acked"


async def _chain(region: TelegramRegion) -> Chain:
    (chain,) = await region.rows(Chain, Chain.partner == "politie")
    assert isinstance(chain, Chain)
    return chain


@pytest.mark.parametrize(
    "fault",
    [Refuse(403, BLOCKED), Refuse(400, "Bad Request: chat not found"), Refuse(413, "Too Large")],
    ids=["403", "400", "413"],
)
async def test_what_will_never_arrive_goes_to_the_next_at_once(
    region: TelegramRegion, police: Person, fault: Fault
) -> None:
    region.telegram.faults.once("sendMessage", fault, chat=police.id)
    await region.alarm()
    await region.quiet()
    assert pages(police) == []
    assert region.shown("politie_cvd2", "Jij bent achterwacht"), "without waiting for any clock"
    assert region.shown("beheerder", "is geweigerd")


async def test_one_chat_that_hangs_or_is_paused_holds_up_no_other(
    region: TelegramRegion, police: Person
) -> None:
    prosecutor = await region.enrolled("om_ovj1", "om_ap")
    hang = Hang()
    region.telegram.faults.once("sendMessage", hang, chat=police.id)
    region.telegram.faults.once("sendMessage", Flood(2), chat=police.id)
    await region.alarm()
    await hang.met.wait()
    await prosecutor.expects("🔴 Alarm", loud=True)
    assert pages(police) == []
    assert region.shown("vt_gw1", "🔴 Alarm")
    await region.quiet()
    assert [REPEAT in seen.text for seen in pages(police)] == [True]


async def test_a_server_that_is_away_gets_everything_when_it_is_back(
    region: TelegramRegion, police: Person
) -> None:
    await region.telegram.goes_down()
    await region.alarm()
    async with asyncio.timeout(HANG_S):
        while not region.shown("vt_gw1", "🔴 Alarm"):
            await asyncio.sleep(0.01)
    assert not (await region.running.health()).quiet, "it waits, and is not forgotten"
    await region.telegram.comes_back()
    await region.quiet()
    (page,) = pages(police)
    assert REPEAT not in page.text, "nobody listened, so it cannot have arrived"
    await police.taps(page, "Ik pak op")
    await region.quiet()
    assert await is_taken(region)


async def test_it_is_answered_while_matrix_is_away_at_the_start(
    region: TelegramRegion, police: Person
) -> None:
    await region.stops()
    region.matrix.answers.clear()
    start = asyncio.create_task(region.starts())
    await police.writes("dienst")
    await police.expects("Nu (vr 15:40)", loud=False)
    assert not start.done(), "it waits for Matrix all the while"
    heard = region.running.inbox.caught_up
    assert not heard.is_set(), "what waits on Matrix may stop a clock"
    region.matrix.answers.set()
    await start
    async with asyncio.timeout(HANG_S):
        await heard.wait()
