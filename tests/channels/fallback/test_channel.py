"""The third way out over the wire: `apprise` in its own process, and a gateway on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from bot.channels.base import Accepted, Erase, Later, Receipt, Refused, Say
from bot.channels.fallback.channel import AT_ONCE, FallbackChannel
from config.fallback import Fallback
from tests.kit.gateway import Gateway

TEXT = "Kortelijn: alarm K7Q4, spoed. Bel 0800-2000."
NUMBER = "+31 000 000 001"
SLOW = "?rto=60"  # apprise waits longer than the bot
HANG_S = 60.0  # real; guards against hanging only


@asynccontextmanager
async def channel_to(
    gateway: Gateway, more: str = "", *, within_s: float = HANG_S
) -> AsyncIterator[FallbackChannel]:
    """One person with one number; every failure may be tried again at once."""
    fallback = Fallback({"sms": gateway.url(more)}, {"rvdk_1": {"sms": NUMBER}})
    channel = FallbackChannel(fallback, within_s, again_ms=(1, 2))
    try:
        yield channel
    finally:
        await channel.stop()


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway() as gateway:
        yield gateway


def say(key: str = "kl-1", room: str = "sms:rvdk_1") -> Say:
    return Say(room, key, TEXT, loud=True)


def pushes() -> list[psutil.Process]:
    """The processes that hand over a text just now."""
    own = psutil.Process().children()
    return [each for each in own if "push.py" in " ".join(each.cmdline())]


async def tries(channel: FallbackChannel, times: int) -> list[Receipt]:
    return [await channel.send(say()) for _ in range(times)]


async def test_what_a_gateway_takes_is_accepted(gateway: Gateway) -> None:
    async with channel_to(gateway) as channel:
        assert await channel.send(say()) == Accepted(("kl-1",))
    (arrived,) = gateway.got
    assert (arrived.to, arrived.text, arrived.title) == (NUMBER, TEXT, "Kortelijn")
    assert pushes() == []


async def test_what_fails_is_tried_again_and_then_given_up(gateway: Gateway) -> None:
    gateway.status = 500
    async with channel_to(gateway) as channel:
        first, second, last = await tries(channel, 3)
    assert first == Later("sms: failed", after_ms=1)
    assert second == Later("sms: failed", after_ms=2)
    assert isinstance(last, Refused)
    assert gateway.got == []


async def test_a_gateway_that_was_ill_for_a_moment_gets_it(gateway: Gateway) -> None:
    gateway.status = 503
    async with channel_to(gateway) as channel:
        assert isinstance(await channel.send(say()), Later)
        gateway.status = 200
        assert isinstance(await channel.send(say()), Accepted)
    assert gateway.told(NUMBER) == [TEXT]


async def test_nobody_listens_there(gateway: Gateway) -> None:
    await gateway.goes_down()
    async with channel_to(gateway) as channel:
        receipts = await tries(channel, 3)
    assert [type(each) for each in receipts] == [Later, Later, Refused]


async def test_a_gateway_that_hangs_is_cut_off(gateway: Gateway) -> None:
    gateway.hangs = True
    async with channel_to(gateway, SLOW, within_s=3) as channel:
        receipt = await channel.send(say())
        assert receipt == Later("sms: failed", after_ms=1, unknown=True)
        assert pushes() == [], "nothing goes on in the dark"


async def test_a_process_that_is_killed_leaves_it_to_the_next(gateway: Gateway) -> None:
    gateway.hangs = True
    async with channel_to(gateway, SLOW) as channel:
        sending = asyncio.create_task(channel.send(say()))
        await gateway.until_asked()
        (process,) = pushes()
        process.kill()
        receipt = await sending
        assert receipt == Later("sms: failed", after_ms=1, unknown=True)
        gateway.hangs = False
        assert isinstance(await channel.send(say()), Accepted)


async def test_stopping_ends_what_hangs(gateway: Gateway) -> None:
    gateway.hangs = True
    async with channel_to(gateway, SLOW) as channel:
        sending = asyncio.create_task(channel.send(say()))
        await gateway.until_asked()
        await channel.stop()
        assert isinstance(await sending, Later)
        assert pushes() == []


async def test_not_more_than_a_few_at_once_and_nobody_waits_inside(gateway: Gateway) -> None:
    gateway.hangs = True
    async with channel_to(gateway, SLOW) as channel:
        begun = [asyncio.create_task(channel.send(say(f"kl-{n}"))) for n in range(AT_ONCE)]
        await gateway.until_asked(AT_ONCE)
        one_more = await channel.send(say("kl-more"))
        assert one_more == Later("others first", after_ms=500)
        assert not any(each.done() for each in begun)
        await channel.stop()
        await asyncio.gather(*begun)
    assert gateway.asked == AT_ONCE


async def test_address_and_text_stand_in_no_list_of_processes(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KORTELIJN_DATABASE_URL", "postgresql+psycopg://kl:geheim@db/kl")
    gateway.hangs = True
    async with channel_to(gateway, SLOW) as channel:
        sending = asyncio.create_task(channel.send(say()))
        await gateway.until_asked()
        (process,) = pushes()
        told = f"{process.cmdline()} {process.environ()}"
        await channel.stop()
        await sending
    for secret in ("000 001", "000%20001", "json://", "K7Q4", "KORTELIJN_"):
        assert secret not in told


@pytest.mark.parametrize("room", ["sms:niemand", "voice:rvdk_1", "sms", ""])
async def test_nobody_by_that_name(gateway: Gateway, room: str) -> None:
    async with channel_to(gateway) as channel:
        assert isinstance(await channel.send(say(room=room)), Refused)
    assert gateway.asked == 0


async def test_what_apprise_does_not_understand_never_works() -> None:
    fallback = Fallback({"sms": "geensoort://x/{to}"}, {"rvdk_1": {"sms": NUMBER}})
    receipt = await FallbackChannel(fallback).send(say())
    assert receipt == Refused("sms: not understood")


async def test_it_only_says(gateway: Gateway) -> None:
    async with channel_to(gateway) as channel:
        edit = Say("sms:rvdk_1", "kl-2", TEXT, loud=False, replaces="$1")
        for delivery in (edit, Erase("sms:rvdk_1", "kl-3", "$1")):
            assert isinstance(await channel.send(delivery), Refused)
    assert gateway.asked == 0


async def test_it_works_from_any_folder(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    async with channel_to(gateway) as channel:
        assert isinstance(await channel.send(say()), Accepted)
