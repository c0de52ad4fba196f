"""Gateways that fail, and people with several."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands.fallback_scene import (
    RVDK,
    alarm,
    at_gateway,
    forget,
    open_fallback_desk,
    page_of,
    told,
)
from tests.commands.harness import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_fallback_desk(tmp_path) as desk:
        yield desk


async def test_a_gateway_that_fails_is_told_and_the_clock_goes_on(desk: Desk) -> None:
    phone = at_gateway(desk, RVDK)
    desk.refuses.add(phone.address)
    await alarm(desk)
    await desk.advance(2.1)
    line = desk["beheerder"].expects("Sms aan RvdK-dienst 1 lukte niet (15:42)", loud=True)
    assert line.text.endswith("De oproep loopt door. Kijk in fallback.toml.")
    desk["rvdk_contact2"].lacks("🔴 Alarm")
    assert "RvdK: opgeroepen 15:40" in desk["vt_fo"].expects("0 van 4 opgepakt.").text
    await desk.advance(3)
    desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)


async def test_where_nothing_else_has_it_the_next_is_called_at_once(desk: Desk) -> None:
    await forget(desk, RVDK)
    desk.refuses.add(at_gateway(desk, RVDK).address)
    await alarm(desk)
    desk["beheerder"].expects("Sms aan RvdK-dienst 1 lukte niet (15:40)")
    desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)
    assert (await page_of(desk, RVDK)).state == "expired"


async def test_every_way_is_tried_and_one_of_them_is_enough(tmp_path: Path) -> None:
    ways = {RVDK: ("sms", "mail", "voice-oost")}
    async with open_fallback_desk(tmp_path, ways) as desk:
        await forget(desk, RVDK)
        desk.refuses.add(at_gateway(desk, RVDK, "sms").address)
        desk.refuses.add(at_gateway(desk, RVDK, "mail").address)
        await alarm(desk)
        assert len(told(at_gateway(desk, RVDK, "voice-oost"))) == 1
        desk["beheerder"].expects("Sms aan RvdK-dienst 1 lukte niet")
        desk["beheerder"].expects("E-mail aan RvdK-dienst 1 lukte niet")
        headline = desk["vt_fo"].expects("0 van 4 opgepakt.")
        assert "RvdK: belbericht verstuurd 15:40" in headline.text
        desk["rvdk_contact2"].lacks("🔴 Alarm")


async def test_without_any_gateway_left_the_next_is_called(tmp_path: Path) -> None:
    ways = {RVDK: ("sms", "mail")}
    async with open_fallback_desk(tmp_path, ways) as desk:
        await forget(desk, RVDK)
        for way in ways[RVDK]:
            desk.refuses.add(at_gateway(desk, RVDK, way).address)
        await alarm(desk)
        desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)


async def test_the_backup_is_called_the_same_way(tmp_path: Path) -> None:
    async with open_fallback_desk(tmp_path, {"rvdk_contact2": ("mail",)}) as desk:
        await alarm(desk)
        await desk.advance(5.1)
        desk["rvdk_contact2"].expects("🔴 Alarm", loud=True)
        await desk.advance(2)
        (text,) = told(at_gateway(desk, "rvdk_contact2", "mail"))
        assert "kies Ik pak op voor 15:50." in text
