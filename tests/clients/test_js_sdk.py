"""A client that nobody of this project wrote reads everything without a warning."""

import pytest

from tests.clients.node_phone import NodePhone, missing
from tests.conftest import PASSWORD, MakePhone, MakeUser
from tests.kit.rooms import encrypted_room
from tests.kit.synapse import Synapse

WHY_NOT = missing()
pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT)),
]


async def test_a_signed_device_is_read_without_a_warning(
    synapse: Synapse, make_user: MakeUser, make_phone: MakePhone
) -> None:
    bot_id, om_id = await make_user("bot"), await make_user("om")
    bot = await make_phone(bot_id, bot=om_id)
    async with NodePhone(synapse.base_url, om_id, PASSWORD, bot=bot_id) as om:
        room = await encrypted_room(bot, om_id)
        await bot.sees(lambda: om_id in bot.members(room) or None, "om in the room")
        await om.knows(bot_id)
        page = await bot.says(room, "Pak je dit op?")
        await bot.edits(page, "Jij pakt dit op.")

        shown = await om.sees("Jij pakt dit op.")
        assert shown.clean, shown
        assert shown.edited
        assert shown.rings

        await om.taps(shown, "✅")
        answer = await om.says(room, "ik pak op")
        await bot.expects("ik pak op", room=room, loud=True)
        assert page.emoji(om_id) == ("✅",)
        assert bot.screen[answer].encrypted


async def test_an_unsigned_device_is_refused(
    synapse: Synapse, make_user: MakeUser, make_phone: MakePhone
) -> None:
    """Else the test above could not fail."""
    bot_id, om_id = await make_user("bot"), await make_user("om")
    bot = await make_phone(bot_id, bot=om_id, signed=False)
    async with NodePhone(synapse.base_url, om_id, PASSWORD, bot=bot_id) as om:
        room = await encrypted_room(bot, om_id)
        await bot.sees(lambda: om_id in bot.members(room) or None, "om in the room")
        await om.knows(bot_id)
        await bot.says(room, "Pak je dit op?")
        shown = await om.refuses("UNSIGNED_SENDER_DEVICE", room=room)
        assert not shown.clean


async def test_who_joins_late_is_shown_nothing_that_it_cannot_read(
    synapse: Synapse, make_user: MakeUser, make_phone: MakePhone
) -> None:
    bot_id, rvdk_id = await make_user("bot"), await make_user("rvdk")
    bot = await make_phone(bot_id, bot=rvdk_id)
    room = await encrypted_room(bot, direct=False, name="K7Q4")
    await bot.says(room, "voordat je er was")
    async with NodePhone(synapse.base_url, rvdk_id, PASSWORD, bot=bot_id) as rvdk:
        await bot.client.room_invite(room, rvdk_id)
        await bot.sees(lambda: rvdk_id in bot.members(room) or None, "rvdk in the room")
        await rvdk.knows(bot_id)
        await bot.says(room, "vanaf nu")
        await rvdk.sees("vanaf nu", room=room)
        (only,) = await rvdk.messages(room)
        assert only.clean
        assert [(view["room"], view["name"]) for view in await rvdk.rooms()] == [(room, "K7Q4")]
