"""`uitschrijven` of somebody on Telegram: one last line there, and then they are a stranger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import Remove
from storage.tables import GroupRoom
from tests.commands.harness import Desk
from tests.commands.telegram_scene import (
    CLOSED,
    GONE,
    enrolled,
    identities,
    on_telegram,
    open_telegram_desk,
    token_for,
    types,
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_telegram_desk(tmp_path) as desk:
        yield desk


async def test_the_last_word_and_one_refusal_a_day(desk: Desk) -> None:
    phone = await enrolled(desk, "om_ovj1", "5001")
    await desk["vt_fo"].says("alarm skm spoed Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await desk.advance(2)  # no sign on Matrix: to Telegram as well
    page = phone.expects("🔴 Alarm")
    await desk["om_ap"].says("uitschrijven officier van justitie 1")
    question = desk["om_ap"].expects("Doorgaan?")
    await desk["om_ap"].taps("✅", question)
    assert page.erased
    phone.expects("Je bent uitgeschreven en ziet geen casussen meer.", loud=False)
    assert await identities(desk, "om_ovj1") == {}
    before = len(phone.screen())
    _, data = page.keyboard[0]
    await desk.update(
        "tap", phone.direct, phone.address, text=data, about=page.event_id, channel="telegram"
    )
    await types(phone, "dienst")
    await types(phone, "ik pak op")
    phone.expects(CLOSED)
    assert len(phone.screen()) == before + 1
    await desk.advance(2)
    assert question.text.startswith("✅ Uitgeschreven 15:42")


async def test_out_of_the_group_and_no_way_back_by_an_old_link(desk: Desk) -> None:
    async with desk.store.unit() as unit:
        unit.session.add(GroupRoom(channel="telegram", address="-1001"))
    await enrolled(desk, "om_ovj1", "5001")
    token = await token_for(desk, "officier van justitie 2")
    for label in ("officier van justitie 1", "officier van justitie 2"):
        await desk["om_ap"].says(f"uitschrijven {label}")
        await desk["om_ap"].taps("✅", desk["om_ap"].expects("Doorgaan?"))
    removed = [(each.room, each.user) for each in desk.carried(Remove)]
    assert ("-1001", "5001") in removed
    stranger = on_telegram(desk, "6001")
    await types(stranger, f"/start {token}")
    stranger.expects(GONE)


async def test_a_blocked_chat_does_not_hold_up_the_proof(desk: Desk) -> None:
    await enrolled(desk, "om_ovj1", "5001")
    desk.blocks.add("5001")
    await desk["om_ap"].says("uitschrijven officier van justitie 1")
    question = desk["om_ap"].expects("Doorgaan?")
    await desk["om_ap"].taps("✅", question)
    await desk.advance(2)
    assert question.text.startswith("✅ Uitgeschreven")
