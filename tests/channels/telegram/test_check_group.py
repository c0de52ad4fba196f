"""What `check` says of the region's group on Telegram."""

from collections.abc import Mapping

import pytest

from bot.channels.base import Readiness
from bot.channels.telegram.check_group import GROUP, log_in_and_check
from bot.channels.telegram.line import TelegramAccount
from commands.messages import Listed
from tests.channels.telegram.conftest import SHORT
from tests.kit.telegram.server import FakeTelegram


async def verdict(
    telegram: FakeTelegram, group: int, *, topics: bool, colleagues: Mapping[str, str] | None = None
) -> Readiness:
    account = TelegramAccount(telegram.token, telegram.url, SHORT)
    return await log_in_and_check(account, str(group), topics=topics, colleagues=colleagues or {})


@pytest.mark.parametrize("topics", [False, True])
async def test_a_forum_with_the_bot_as_administrator_is_ready(
    telegram: FakeTelegram, *, topics: bool
) -> None:
    forum = telegram.forum("Lage Dijk", telegram.person("beheer"))
    said = await verdict(telegram, forum.id, topics=topics)
    assert (said.ready, said.detail.key) == (True, f"{GROUP}.ready")


async def test_topics_need_a_forum_and_rights(telegram: FakeTelegram) -> None:
    small = telegram.group("Lage Dijk", telegram.person("beheer"))
    said = await verdict(telegram, small.id, topics=True)
    assert (said.ready, said.detail.key) == (False, f"{GROUP}.no_topics")
    assert (await verdict(telegram, small.id, topics=False)).ready, "progress needs no rights"
    forum = telegram.forum("Lage Dijk", telegram.person("beheer"), bot="member")
    said = await verdict(telegram, forum.id, topics=True)
    assert (said.ready, said.detail.key) == (False, f"{GROUP}.no_rights")


async def test_a_group_without_the_bot_or_that_is_not_there(telegram: FakeTelegram) -> None:
    forum = telegram.forum("Lage Dijk", telegram.person("beheer"), bot="left")
    said = await verdict(telegram, forum.id, topics=True)
    assert (said.ready, said.detail.key) == (False, f"{GROUP}.outside")
    said = await verdict(telegram, -1_009_999_999_999, topics=True)
    assert (said.ready, said.detail.key) == (False, f"{GROUP}.unknown")


async def test_who_is_not_in_the_group_is_named(telegram: FakeTelegram) -> None:
    inside, outside = telegram.person("politie"), telegram.person("rvdk")
    forum = telegram.forum("Lage Dijk", telegram.person("beheer"), inside)
    colleagues = {str(inside.id): "chef van dienst 1", str(outside.id): "RvdK-dienst 1"}
    said = await verdict(telegram, forum.id, topics=True, colleagues=colleagues)
    assert (said.ready, said.warns, said.detail.key) == (True, True, f"{GROUP}.missing")
    assert said.detail.params["who"] == Listed(("RvdK-dienst 1",))
    forum.joins(outside)
    said = await verdict(telegram, forum.id, topics=True, colleagues=colleagues)
    assert said.detail.key == f"{GROUP}.ready"
