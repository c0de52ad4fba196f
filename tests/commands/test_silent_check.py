"""The silent check: who blocked us or left the chat is found out before a page has to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import Probe
from commands.staff.silent_check import silent_check
from tests.commands.harness import Desk
from tests.commands.roster.scene import everybody_tested, nights_filled
from tests.commands.telegram_scene import enrolled, identities, open_telegram_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        await enrolled(desk, "om_ovj1", "5001")
        await everybody_tested(desk)
        await nights_filled(desk)
        desk.expect_so_far()
        yield desk
        desk.nothing_unexpected()


async def look(desk: Desk, *keys: str) -> int:
    async with desk.store.unit() as unit:
        asked = await silent_check(unit, keys)
    await desk.settle()
    return asked


async def test_nobody_notices_where_all_is_well(desk: Desk) -> None:
    before = len(desk.shown)
    assert await look(desk, "om_ovj1", "om_ovj2", "who_left") == 3
    assert {each.user for each in desk.carried(Probe)} >= {"5001", desk["om_ovj2"].address}
    assert len(desk.shown) == before


async def test_who_blocked_us_is_told_to_the_contact_point_at_once(desk: Desk) -> None:
    desk.blocks.add("5001")
    await look(desk, "om_ovj1")
    desk["om_ap"].expects("⚠️ Officier van justitie 1 is niet bereikbaar op Telegram")
    desk["beheerder"].expects("geweigerd")
    assert (await identities(desk, "om_ovj1"))["telegram"].joined_at is None
    assert (await identities(desk, "om_ovj1"))["matrix"].joined_at is not None
    assert await look(desk, "om_ovj1") == 1, "only where they still are"


async def test_who_left_unseen_on_matrix_is_asked_back(desk: Desk) -> None:
    desk.joins = False
    desk.refuses_kinds.add(Probe)
    await look(desk, "om_ovj2")
    desk["beheerder"].expects("geweigerd")
    assert (await identities(desk, "om_ovj2"))["matrix"].joined_at is None
    desk["om_ap"].expects("⚠️ Geen achterwacht bij OM", loud=True)
