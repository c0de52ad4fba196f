"""Why a backup leaves the encryption store out: old keys that come back are worse than none."""

import shutil
from pathlib import Path

import pytest

from tests.channels.matrix.bot import Bot
from tests.channels.matrix.conftest import (
    bot,  # noqa: F401 - fixtures
    make_blind_phone,  # noqa: F401
    make_bot,  # noqa: F401
)
from tests.conftest import MakePhone


@pytest.mark.parametrize("with_keys", [True, False], ids=["with old keys", "without"])
async def test_a_page_after_a_restore(
    bot: Bot, make_blind_phone: MakePhone, tmp_path: Path, with_keys: bool
) -> None:
    """Whoever has the phone reads it only if the bot began a new device."""
    phone = await make_blind_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, direct=True)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    await bot.says(room, "voor de back-up")
    await phone.expects("voor de back-up")
    await bot.channel.stop()
    state = bot.account.state_dir
    shutil.copytree(state, tmp_path / "backup")
    for text in ("daarna", "nog later"):  # a start makes new keys for the room, and hands them out
        await bot.restart()
        await bot.says(room, text)
        await phone.expects(text)
        await bot.channel.stop()

    shutil.rmtree(state)
    shutil.copytree(tmp_path / "backup", state)
    if not with_keys:
        for file in state.glob("olm-*"):
            file.unlink()
    await bot.restart()
    await bot.says(room, "oproep")
    await phone.settle()
    newest = phone.messages[-1]
    assert (newest.text, newest.undecryptable) == (("", True) if with_keys else ("oproep", False))
