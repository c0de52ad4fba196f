"""The gateway of the kit, asked as `apprise` asks it."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.kit.gateway import Arrived, Gateway, write_fallback

BODY = {"version": "1.0", "title": "", "message": "Bel 0800-2000.", "type": "info"}


def _address(gateway: Gateway) -> str:
    return gateway.url().replace("json://", "http://").replace("{to}", "%2B31000000001")


async def test_it_keeps_what_arrived_and_for_whom() -> None:
    async with Gateway() as gateway, aiohttp.ClientSession() as session:
        async with session.post(_address(gateway), json=BODY) as answer:
            assert answer.status == 200
        assert gateway.got == [Arrived("+31000000001", "Bel 0800-2000.", "")]
        assert gateway.told("+31000000001") == ["Bel 0800-2000."]
        assert gateway.told("+31000000002") == []


async def test_what_it_refuses_did_not_arrive() -> None:
    async with Gateway() as gateway, aiohttp.ClientSession() as session:
        gateway.status = 500
        async with session.post(_address(gateway), json=BODY) as answer:
            assert answer.status == 500
        assert (gateway.got, gateway.asked) == ([], 1)


async def test_a_silent_one_lets_go_at_the_end() -> None:
    async with Gateway() as gateway, aiohttp.ClientSession() as session:
        gateway.hangs = True
        asking = asyncio.create_task(session.post(_address(gateway), json=BODY))
        await gateway.until_asked()
        assert not asking.done()
        await gateway.goes_down()
        with pytest.raises(aiohttp.ClientError):
            (await asking).raise_for_status()
        assert gateway.got == []


async def test_it_comes_back_at_the_same_address() -> None:
    async with Gateway() as gateway, aiohttp.ClientSession() as session:
        before = _address(gateway)
        await gateway.goes_down()
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.post(before, json=BODY)
        await gateway.comes_back()
        assert _address(gateway) == before
        async with session.post(before, json=BODY) as answer:
            assert answer.status == 200


def test_its_secret_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = write_fallback(tmp_path, {"sms": "json://x/{to}"}, {"rvdk_1": {"sms": "+31000000001"}})
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_text() == (
        '[gateways]\nsms = "json://x/{to}"\n[people.rvdk_1]\nsms = "+31000000001"\n'
    )
