"""Links that are used too late, twice, in the wrong place or by others: nobody comes in by them,
and the one for whom it was can still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.tables import Identity, InboxRow
from tests.faults.telegram_region import TelegramRegion, telegram_region
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person

LABEL = "chef van dienst 1"
GONE = "Deze link werkt niet meer."


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[TelegramRegion]:
    async with telegram_region(tmp_path, group=True) as region:
        yield region
        assert {row.state for row in await region.rows(InboxRow)} == {"done"}


@pytest.fixture
def group(region: TelegramRegion) -> Group:
    assert region.group is not None
    return region.group


async def bound(region: TelegramRegion) -> list[str]:
    """Telegram accounts that the bot knows."""
    return [each.address for each in await region.rows(Identity, Identity.channel == "telegram")]


async def opens(region: TelegramRegion, phone: Person, token: str) -> str:
    """Somebody opens the link; what the bot says to that."""
    await phone.starts(payload=token)
    await region.quiet()
    said = [seen.text for seen in phone.messages if seen.sender == phone.bot]
    return said[-1] if said else ""


async def test_a_link_works_once_and_its_maker_hears_of_another_try(
    region: TelegramRegion,
) -> None:
    token = await region.link_for(LABEL, "politie_ap")
    first, second = region.telegram.person("first"), region.telegram.person("second")
    assert "Welkom, chef van dienst 1." in await opens(region, first, token)
    assert GONE in await opens(region, second, token)
    assert await bound(region) == [str(first.id)]
    assert len(region.shown("politie_ap", "is nog eens gebruikt")) == 1
    assert "Welkom" not in await opens(region, second, token)
    await region.alarm()
    await first.expects("🔴 Alarm", loud=True)
    assert not [seen for seen in second.messages if "🔴" in seen.text]


async def test_two_phones_with_one_link_at_the_same_moment(region: TelegramRegion) -> None:
    token = await region.link_for(LABEL, "politie_ap")
    phones = [region.telegram.person(name) for name in ("first", "second")]
    for phone in phones:
        await phone.starts(payload=token)
    await region.quiet()
    assert await bound(region) == [str(phones[0].id)], "whoever was first at Telegram"


async def test_after_a_day_it_ends_and_a_new_one_works(region: TelegramRegion) -> None:
    token = await region.link_for(LABEL, "politie_ap")
    await region.later(hours=24, minutes=1)
    phone = region.telegram.person("cvd")
    assert GONE in await opens(region, phone, token)
    assert await bound(region) == []
    fresh = await region.link_for(LABEL, "politie_ap")
    assert GONE in await opens(region, region.telegram.person("other"), token)
    assert "Welkom" in await opens(region, phone, fresh)


async def test_a_link_that_was_passed_on_binds_nobody(region: TelegramRegion, group: Group) -> None:
    """Forwarded, in the group, through another bot, edited into a message: none is a Start."""
    token = await region.link_for(LABEL, "politie_ap")
    phone = region.telegram.person("somebody")
    phone.started = True
    group.joins(phone)
    await phone.forwards(f"/start {token}", by=region.telegram.person("colleague"))
    await phone.writes(f"/start@lagedijk_kortelijn_bot {token}", chat=group)
    talk = await phone.writes("hallo")
    await phone.edits(talk, f"/start {token}")
    await region.quiet()
    assert await bound(region) == []
    assert "Welkom" in await opens(region, phone, token), "it was not used up"


async def test_guessing_gets_nowhere_and_is_answered_seldom(region: TelegramRegion) -> None:
    phone = region.telegram.person("guesser")
    for number in range(200):
        await phone.starts(payload=f"{number:022d}")
    await region.quiet()
    assert await bound(region) == []
    assert len(region.telegram.log.of("sendMessage", chat=phone.id)) <= 1
