"""Calls go where the operator's network says."""

import pytest

from bot.channels.base import Accepted, Later, Say
from tests.channels.telegram.conftest import MakeChannel
from tests.kit.telegram.server import FakeTelegram

NOBODY = "http://telegram.invalid"  # a name that no resolver knows


async def test_an_operators_proxy_is_used(
    telegram: FakeTelegram, make_channel: MakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    say = Say(str(anna.id), "k", "Test", loud=False)
    alone = await make_channel(server=NOBODY).send(say)
    assert isinstance(alone, Later)
    assert not alone.unknown
    monkeypatch.setenv("http_proxy", telegram.url)
    assert isinstance(await make_channel(server=NOBODY).send(say), Accepted)
    assert [each.text for each in anna.messages][-1] == "Test"


async def test_but_not_where_it_is_to_be_passed_by(
    telegram: FakeTelegram, make_channel: MakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    monkeypatch.setenv("http_proxy", NOBODY)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    say = Say(str(anna.id), "k", "Test", loud=False)
    assert isinstance(await make_channel().send(say), Accepted)
    assert [each.text for each in anna.messages][-1] == "Test"
