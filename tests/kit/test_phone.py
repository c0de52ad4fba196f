"""The phone sees everything that reached its server, as a real client would show it."""

import nio  # type: ignore[import-untyped]
import pytest

from tests.conftest import PASSWORD, MakePhone, MakeUser
from tests.kit.device import PAGE, TO_DEVICE_PAGE, PhoneFailed
from tests.kit.phone import Phone
from tests.kit.rooms import encrypted_room
from tests.kit.seen import Happening
from tests.kit.synapse import Synapse

NOBODY = "@niemand:lage-dijk.example"


@pytest.fixture
async def bot(make_user: MakeUser, make_phone: MakePhone) -> Phone:
    """Somebody who plays the bot by hand."""
    return await make_phone(await make_user("bot"), bot=NOBODY)


@pytest.fixture
async def om(bot: Phone, make_phone: MakePhone) -> Phone:
    return await make_phone("om", bot=bot.user_id)


async def direct_chat(bot: Phone, person: Phone) -> str:
    room = await encrypted_room(bot, person.user_id)
    await person.settle()
    await bot.settle()
    return room


async def test_a_phone_that_was_away_reads_everything_in_order(bot: Phone, om: Phone) -> None:
    room = await direct_chat(bot, om)
    texts = [f"bericht {number}" for number in range(PAGE + 10)]
    for text in texts:
        await bot.says(room, text)
    await om.settle()
    assert [seen.text for seen in om.messages] == texts
    assert all(seen.encrypted and seen.loud and not seen.undecryptable for seen in om.messages)
    om.ignore_so_far()


async def test_a_phone_is_not_settled_before_it_has_read_all_waiting_keys(
    bot: Phone, om: Phone
) -> None:
    room = await direct_chat(bot, om)
    for number in range(TO_DEVICE_PAGE + 1):  # fills the first page of what waits for a device
        notice = nio.ToDeviceMessage("kit.filler", om.user_id, om.client.device_id, {"n": number})
        await bot.client.to_device(notice)
    await bot.says(room, "de sleutel ligt achteraan")
    await om.settle()
    (seen,) = om.messages
    assert seen.text == "de sleutel ligt achteraan"
    om.ignore_so_far()


async def test_edits_buttons_and_removals_are_seen(bot: Phone, om: Phone) -> None:
    room = await direct_chat(bot, om)
    page = await bot.says(room, "Alarm K7Q4. Pak je dit op?")
    await bot.taps(page, "✅")
    await bot.taps(page, "❌")
    at_om = await om.expects("Alarm K7Q4", room=om.direct_room, loud=True)
    await om.offers(at_om, "✅", "❌")

    await om.reads(at_om)
    await om.taps(at_om, "✅")
    await bot.sees(lambda: page.emoji(om.user_id) or None, "the tap of om")
    await om.untaps(at_om, "✅")
    await bot.sees(lambda: not page.emoji(om.user_id) or None, "that tap taken away")

    await bot.edits(page, "Jij pakt K7Q4 op.")
    await om.shows(at_om, "Jij pakt K7Q4 op.")
    await bot.deletes(page)
    await om.gone(at_om)


async def test_only_the_bots_invitations_are_accepted(
    bot: Phone, om: Phone, make_phone: MakePhone
) -> None:
    stranger = await make_phone("vreemde", bot=NOBODY)
    theirs = await encrypted_room(stranger, om.user_id)
    ours = await encrypted_room(bot, om.user_id, direct=False, name="K7Q4")
    await om.settle()
    assert [i.room for i in om.invitations] == [theirs, ours]
    assert om.rooms == {ours: "K7Q4"}
    assert om.case_rooms == {"K7Q4": ours}
    assert om.members(ours) == {bot.user_id, om.user_id}
    with pytest.raises(PhoneFailed, match="has no direct chat"):
        _ = om.direct_room


async def test_who_joins_late_can_write_to_everybody_and_the_other_way_round(
    bot: Phone, om: Phone, make_phone: MakePhone
) -> None:
    room = await direct_chat(bot, om)
    await bot.says(room, "voor om")
    await om.expects("voor om")
    late = await make_phone("rvdk", bot=bot.user_id)
    await bot.client.room_invite(room, late.user_id)
    await late.settle()
    await bot.says(room, "voor allebei")
    await late.says(room, "ook voor allebei")
    await late.expects("voor allebei")
    await om.expects("voor allebei")
    await om.sees(lambda: om.heard("ook voor allebei"), "what rvdk wrote")
    await bot.sees(lambda: bot.heard("ook voor allebei"), "what rvdk wrote")


async def test_who_is_removed_has_read_what_came_before_and_is_out(bot: Phone, om: Phone) -> None:
    room = await direct_chat(bot, om)
    await bot.says(room, "nog één ding")
    await bot.client.room_kick(room, om.user_id)
    await om.expects("nog één ding")
    assert om.rooms == {}
    await bot.settle()
    await bot.says(room, "niet meer voor om")


async def test_a_file_arrives_whole_and_encrypted(bot: Phone, om: Phone) -> None:
    room = await direct_chat(bot, om)
    await bot.sends_file(room, "overleg.ics", "text/calendar", b"BEGIN:VCALENDAR")
    file = await om.expects("overleg.ics", loud=False)
    assert file.kind == "m.file"
    assert file.encrypted
    assert await om.opens(file) == b"BEGIN:VCALENDAR"


async def test_a_following_phone_goes_on_after_the_server_was_away() -> None:
    happened: list[Happening] = []
    async with Synapse.temporary() as server:
        bot_id, vt_id = [await server.register(name, PASSWORD) for name in ("bot", "vt")]
        async with (
            Phone(server.base_url, bot_id, PASSWORD, bot=NOBODY) as bot,
            Phone(server.base_url, vt_id, PASSWORD, bot=bot_id) as vt,
        ):
            vt.screen.listeners.append(happened.append)
            vt.follow()
            room = await encrypted_room(bot, vt_id)
            await bot.sees(lambda: vt_id in bot.members(room) or None, "vt in the room")
            await bot.says(room, "vóór de storing")
            await vt.expects("vóór de storing")
            server.kill()
            await server.start()
            await bot.says(room, "na de storing")
            await vt.expects("na de storing")
            await vt.nothing_unexpected()
    texts = [h.message.text for h in happened if h.what == "message" and h.message]
    assert texts == ["vóór de storing", "na de storing"]
