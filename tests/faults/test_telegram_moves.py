"""The group becomes a supergroup, which has another number: whichever way we hear it, everything
goes there from then on, once, and somebody is told to write the number down."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.tables import GroupRoom
from tests.faults.memory_matrix import Said
from tests.faults.telegram_region import TelegramRegion, pages, telegram_region
from tests.kit.telegram.group import Group
from tests.kit.telegram.person import Person
from tests.kit.telegram.screen import TelegramSeen

MOVED = "De groep op Telegram kreeg een nieuw nummer."


@pytest.fixture
async def region(tmp_path: Path) -> AsyncIterator[TelegramRegion]:
    async with telegram_region(tmp_path, group=True) as region:
        yield region


@pytest.fixture
def group(region: TelegramRegion) -> Group:
    assert region.group is not None
    return region.group


@pytest.fixture
async def police(region: TelegramRegion, group: Group) -> Person:
    """On Telegram, in the group, and called for an alarm."""
    phone = await region.enrolled("politie_cvd1", "politie_ap")
    group.joins(phone)
    await region.alarm()
    await region.quiet()
    return phone


def of_bot(phone: Person, room: int) -> list[TelegramSeen]:
    """What the bot says in this room."""
    return [seen for seen in phone.messages if seen.room == str(room) and seen.sender == phone.bot]


async def take(region: TelegramRegion, phone: Person) -> None:
    await phone.taps(pages(phone)[-1], "Ik pak op")
    await region.quiet()


async def address(region: TelegramRegion) -> str:
    async with region.running.store.view() as unit:
        group = await unit.session.get(GroupRoom, "telegram")
        assert group is not None
        return group.address


def told(region: TelegramRegion) -> list[Said]:
    """What operators heard of it."""
    return region.shown("beheerder", MOVED)


@pytest.mark.parametrize("heard", [True, False], ids=["by its notice", "by sending"])
async def test_all_goes_to_the_new_number_once(
    region: TelegramRegion, group: Group, police: Person, *, heard: bool
) -> None:
    old = group.id
    assert [seen.text[5:] for seen in of_bot(police, old)] == ["· 0 van 4 partners"]
    new = group.upgrades()
    if not heard:
        region.telegram.updates.drop()
    await take(region, police)
    assert await address(region) == str(new)
    assert len(of_bot(police, old)) == 1
    (progress,) = of_bot(police, new)
    assert progress.text.endswith("1 van 4 partners")
    (line,) = told(region)
    assert f'group = "{new}"' in line.text
    region.taps("om_ap", "Welkom", "1️⃣")  # something else happens
    region.taps("vt_gw1", "🔴 Alarm", "✅")
    await region.quiet()
    assert [seen.text[5:] for seen in of_bot(police, new)] == ["· 2 van 4 partners"]
    assert of_bot(police, new)[0] is progress, "it is edited again"
    assert len(told(region)) == 1


async def test_the_old_number_in_the_folder_does_not_undo_it(
    region: TelegramRegion, group: Group, police: Person
) -> None:
    old, new = group.id, group.upgrades()
    await region.quiet()
    region.telegram.log.clear()
    for _ in range(2):
        await region.stops()
        assert str(old) in (region.settings.config_dir / "region.toml").read_text()
        await region.starts()
        assert await address(region) == str(new)
    await police.writes("/dienst", chat=group)
    await region.quiet()
    said = [seen.text for seen in of_bot(police, new)]
    assert sum(text.startswith("Nu (") for text in said) == 1
    assert sum(text.endswith("van 4 partners") for text in said) <= 1
    assert len(told(region)) == 1
    assert not [call for call in region.telegram.log if call.chat == old]


async def test_the_new_number_in_the_folder_is_the_same_group(
    region: TelegramRegion, group: Group, police: Person
) -> None:
    """Also if somebody writes it down before the bot heard anything: it was not running."""
    await region.stops()
    old, new = group.id, group.upgrades()
    path = region.settings.config_dir / "region.toml"
    path.write_text(path.read_text().replace(f'"{old}"', f'"{new}"'))
    await region.starts()
    await region.quiet()
    await take(region, police)
    region.taps("vt_gw1", "🔴 Alarm", "✅")
    await region.quiet()
    assert await address(region) == str(new)
    assert [seen.text[5:] for seen in of_bot(police, new)] == ["· 2 van 4 partners"]
    assert told(region) == []


async def test_another_group_that_moves_is_not_ours(
    region: TelegramRegion, group: Group, police: Person
) -> None:
    other = region.telegram.group("Buurtpreventie", police)
    other.upgrades()
    await region.quiet()
    assert await address(region) == str(group.id)
    assert told(region) == []
