"""The real dispatcher, `apprise` in its own process, and a gateway that is well or ill."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.base import Delivery, Receipt
from bot.channels.fallback.channel import FallbackChannel
from commands.rules.moments import MINUTE
from config.fallback import Fallback
from storage.tables import OutboxRow
from tests.bot.scene import outbox_rows, page_of, raise_alarm
from tests.bot.scripted import sending, until
from tests.commands.fallback_scene import RVDK, open_fallback_desk
from tests.commands.harness import Desk
from tests.kit.gateway import Gateway

NUMBER = "+31000000001"
HANG_S = 60.0  # guards against hanging only


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An alarm of 15:40 whose pages have not left yet."""
    async with open_fallback_desk(tmp_path) as desk:
        await raise_alarm(desk)
        yield desk


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway() as gateway:
        yield gateway


@asynccontextmanager
async def two_minutes_later(
    desk: Desk, gateway: Gateway, more: str = ""
) -> AsyncIterator[FallbackChannel]:
    """Everybody was called at 15:40, and no phone gave a sign."""

    async def takes_all(_: Delivery) -> Receipt | None:
        return None

    secret = Fallback({"sms": gateway.url(more)}, {RVDK: {"sms": NUMBER}})
    channel = FallbackChannel(secret, HANG_S, again_ms=(1, 2))
    try:
        async with sending(desk, takes_all, fallback=channel):
            await until(lambda: called(desk))
            desk.time[0] += 2 * MINUTE
            while await desk._sweep():
                pass
            yield channel
            await channel.stop()
    finally:
        await channel.stop()


async def called(desk: Desk) -> bool:
    return (await page_of(desk, RVDK)).called_at is not None


async def rows(desk: Desk) -> list[OutboxRow]:
    return await outbox_rows(desk, OutboxRow.channel == "fallback")


async def test_the_sms_goes_out_and_the_headline_says_so(desk: Desk, gateway: Gateway) -> None:
    async def shown() -> bool:
        return any("geen reactie, sms 15:42" in each.text for each in desk["vt_fo"].screen())

    async with two_minutes_later(desk, gateway):
        await until(shown)
    (text,) = gateway.told(NUMBER)
    assert text.endswith("Open Element, kies Ik pak op voor 15:50. Lukt dat niet? Bel 0800-2000.")
    (row,) = await rows(desk)
    assert (row.state, row.payload) == ("sent", "")


async def test_a_gateway_that_is_ill_is_given_up_after_three_tries(
    desk: Desk, gateway: Gateway
) -> None:
    async def told() -> bool:
        return any("Sms aan RvdK-dienst 1 lukte" in e.text for e in desk["beheerder"].screen())

    gateway.status = 500
    async with two_minutes_later(desk, gateway):
        await until(told)
    (row,) = await rows(desk)
    assert (row.state, row.attempts, gateway.asked) == ("failed", 3, 3)
    assert (await page_of(desk, RVDK)).fallback_at is None


async def test_while_a_gateway_hangs_everybody_else_is_answered(
    desk: Desk, gateway: Gateway
) -> None:
    async def answered() -> bool:
        return any("RvdK: " in each.text for each in desk["om_ap"].screen())

    gateway.hangs = True
    async with two_minutes_later(desk, gateway, "?rto=60"):
        await asyncio.wait_for(gateway.until_asked(), HANG_S)
        await desk["om_ap"].says("dienst")
        await until(answered)
        (row,) = await rows(desk)
        assert row.state == "sending"
    assert gateway.got == []
