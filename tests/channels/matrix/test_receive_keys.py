"""Keys of rooms, and events without: what is kept, and what cannot stop the receiving."""

import sqlite3
from contextlib import closing

from bot.channels.base import Leave
from bot.channels.matrix.homeserver import Homeserver, part
from tests.channels.matrix.bot import Bot, fresh_key
from tests.conftest import MakePhone


async def test_the_keys_of_a_room_go_when_we_leave(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    await phone.says(room, "nog leesbaar")
    await bot.receives(lambda u: u.text == "nog leesbaar")
    assert _rooms_with_keys(bot) == {room}
    await bot.does(Leave(room, fresh_key()))
    assert _rooms_with_keys(bot) == set()


async def test_an_event_whose_key_nobody_names_does_not_end_the_receiving(
    bot: Bot, make_phone: MakePhone
) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("K7Q4", phone.user_id)
    await phone.settle()
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "session_id": "x"}
    raw = Homeserver(phone.client.homeserver, phone.client.access_token)
    await raw.call("PUT", f"client/v3/rooms/{part(room)}/send/m.room.encrypted/1", sealed)
    await raw.close()
    await bot.receives_kind("unreadable", phone.user_id)


def _rooms_with_keys(bot: Bot) -> set[str]:
    """On the disk."""
    (file,) = bot.account.state_dir.glob("olm-*.db")
    with closing(sqlite3.connect(file)) as keys:
        return {room for (room,) in keys.execute("SELECT room_id FROM megolminboundsessions")}
