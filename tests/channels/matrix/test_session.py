"""One login for ever, and a new device when the old one's keys are gone."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import ChannelDown, Later, Say
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.session import MatrixAccount
from tests.channels.matrix.bot import Bot, fresh_key, wall_clock
from tests.channels.matrix.conftest import MakeBot
from tests.channels.matrix.line import Line
from tests.conftest import PASSWORD, MakePhone
from tests.kit.synapse import Synapse


async def test_a_restart_is_the_same_device(bot: Bot) -> None:
    before = _kept(bot)
    await bot.restart()
    assert _kept(bot) == before
    assert await _devices(bot) == {before["device_id"]}


async def test_everything_kept_is_for_the_owner_only(bot: Bot) -> None:
    folder = bot.account.state_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [file for file in folder.iterdir() if file.is_file()]
    assert {"session.json", "cross_signing.json"} <= {file.name for file in files}
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert PASSWORD.encode() not in file.read_bytes()
    assert PASSWORD not in repr(bot.account)


async def test_all_lines_are_ready(bot: Bot) -> None:
    lines = await bot.channel.check()
    assert [line.name for line in lines] == [
        "check.connection",
        "check.encryption",
        "check.clock",
    ]
    assert all(line.ready for line in lines), lines


async def test_a_wrong_clock_is_not_ready(bot: Bot) -> None:
    await bot.channel.stop()
    fast = MatrixChannel(bot.account, lambda: wall_clock() + 60_000)
    await fast.start(None)
    ready = {line.name: line for line in await fast.check()}
    await fast.stop()
    assert not ready["check.clock"].ready
    assert ready["check.clock"].detail.key == "check.clock.ahead"


@pytest.mark.parametrize("loss", ["store", "broken store", "session", "everything"])
async def test_lost_keys_mean_a_new_device(
    bot: Bot, make_phone: MakePhone, make_blind_phone: MakePhone, loss: str
) -> None:
    make = make_blind_phone if loss == "everything" else make_phone
    phone = await make("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, direct=True)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    device = _kept(bot)["device_id"]
    await bot.channel.stop()
    _lose(bot.account.state_dir, device, loss)
    await bot.restart()
    fresh = _kept(bot)["device_id"]
    assert fresh != device
    if loss in ("store", "broken store"):
        assert await _devices(bot) == {fresh}  # the deaf one is gone
    ready = await bot.channel.check()
    assert all(line.ready for line in ready), ready
    said = await phone.says(room, "hoor je mij?")
    await bot.receives(lambda u: u.update_id == said.event_id and u.text == "hoor je mij?")
    await bot.says(room, "ja")
    await phone.expects("ja")


async def test_a_revoked_login_is_told_and_mends_itself(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, direct=True)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    before = _kept(bot)
    await bot.channel._started().session.homeserver.call("POST", "client/v3/logout", {})
    said = await phone.says(room, "ondertussen")
    say = Say(room, fresh_key(), "komt later", loud=True)
    receipt = await bot.channel.send(say)
    assert isinstance(receipt, Later)
    assert receipt.channel_down
    with pytest.raises(ChannelDown) as down:
        await bot.receive()
    assert down.value.revoked
    assert down.value.after_ms >= 30_000
    # the next try logs in as a new device
    await bot.receives(lambda u: u.update_id == said.event_id)
    assert _kept(bot)["device_id"] != before["device_id"]
    await bot.does(say)
    await phone.expects("komt later")


async def test_a_wrong_password_needs_a_human(synapse: Synapse, tmp_path: Path) -> None:
    user = await synapse.register("verkeerd", PASSWORD)
    account = MatrixAccount(synapse.base_url, user, "niet dit", "Kortelijn", tmp_path / "state")
    channel = MatrixChannel(account, wall_clock)
    with pytest.raises(ChannelDown) as down:
        await channel.start(None)
    assert down.value.revoked
    assert "niet dit" not in str(down.value)
    await channel.stop()


@pytest.mark.parametrize(
    "path",
    [
        "/v3/login",
        "/v3/keys/upload",
        "/keys/device_signing/upload",
        "/keys/signatures/upload",
        "/v3/sync",
    ],
)
async def test_a_start_that_breaks_off_anywhere_can_be_repeated(
    make_bot: MakeBot, make_phone: MakePhone, line: Line, path: str
) -> None:
    """The server did it, we never heard: the next start goes on from there."""
    bot = await make_bot(line.base_url, start=False)
    line.breaks("lost", path, times=2 if path == "/v3/sync" else 1)
    with pytest.raises(ChannelDown):
        await bot.start()
    await bot.channel.stop()
    await bot.restart()
    assert len(await _devices(bot)) == 1
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id, signed_only=True)
    await phone.settle()
    said = await phone.says(room, "hoor je mij?")  # with a one-time key of the lost upload
    await bot.receives(lambda u: u.update_id == said.event_id and u.text == "hoor je mij?")
    assert all(ready.ready for ready in await bot.channel.check())


async def test_receive_starts_by_itself_after_a_failed_start(make_bot: MakeBot, line: Line) -> None:
    bot = await make_bot(line.base_url, start=False)
    line.breaks("html")
    with pytest.raises(ChannelDown):
        await bot.start()
    line.heal()
    await bot.receive()
    assert all(ready.ready for ready in await bot.channel.check())


def _kept(bot: Bot) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((bot.account.state_dir / "session.json").read_text())
    return kept


async def _devices(bot: Bot) -> set[str]:
    """The devices that the server has of the bot."""
    answer = await bot.channel._started().session.homeserver.call("GET", "client/v3/devices")
    return {device["device_id"] for device in answer["devices"]}


def _lose(folder: Path, device: str, loss: str) -> None:
    match loss:
        case "store":
            (folder / f"olm-{device}.db").unlink()
        case "broken store":
            os.truncate(folder / f"olm-{device}.db", 5_000)
        case "session":
            (folder / "session.json").unlink()
        case "everything":
            for file in folder.iterdir():
                file.unlink()
