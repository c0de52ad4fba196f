"""Who can read: everybody who should, from the first message on, and nobody else."""

import asyncio
from typing import Any

from bot.channels.base import Buttons, Invite, Remove, Say
from tests.channels.matrix.bot import Bot, cannot_read, fresh_key
from tests.conftest import MakePhone
from tests.kit.phone import Phone
from tests.kit.seen import Seen

MANY = 40


async def test_forty_messages_right_after_opening_can_be_read_by_all(
    bot: Bot, make_phone: MakePhone
) -> None:
    phones = [await make_phone(name, bot=bot.user) for name in ("vt", "om", "politie")]
    for phone in phones:
        phone.follow()
    room = await bot.opens("K7Q4", *(phone.user_id for phone in phones))
    for phone in phones:
        await bot.receives(lambda u, who=phone.user_id: u.kind == "joined" and u.sender == who)  # type: ignore[misc]
    says = [Say(room, fresh_key(), f"bericht {n}.", loud=False) for n in range(MANY)]
    await asyncio.gather(*(bot.does(say) for say in says))
    for phone in phones:
        for number in range(MANY):
            await phone.expects(f"bericht {number}.")


async def test_messages_while_people_join_can_be_read_once_in(
    bot: Bot, make_phone: MakePhone
) -> None:
    """The server shows what was said after joining: all of that must be readable."""
    phones = [await make_phone(name, bot=bot.user) for name in ("vt", "om")]
    for phone in phones:
        phone.follow()
    room = await bot.opens("K7Q4", *(phone.user_id for phone in phones))
    for number in range(MANY):
        await bot.says(room, f"bericht {number}.", loud=False)
    await bot.says(room, "einde", loud=False)
    for phone in phones:
        await phone.expects("einde")
        assert not [seen for seen in phone.messages if seen.undecryptable]
        phone.ignore_so_far()  # how many came before joining is up to chance


async def test_an_unsigned_device_gets_no_key_of_a_case_room(
    bot: Bot, make_phone: MakePhone, make_blind_phone: MakePhone
) -> None:
    signed = await make_phone("om", bot=bot.user)
    unsigned = await make_blind_phone(signed.user_id, bot=bot.user, signed=False)
    told_it: list[dict[str, Any]] = []
    unsigned.client.add_to_device_callback(lambda told: told_it.append(told.source), None)
    case = await bot.opens("K7Q4", signed.user_id, signed_only=True)
    direct = await bot.opens("Kortelijn", signed.user_id, direct=True)
    await signed.settle()
    for room in (case, direct):
        await bot.says(room, f"voor {room}")
        await signed.expects(f"voor {room}")
    await cannot_read(unsigned, case)
    await unsigned.expects(f"voor {direct}")
    withheld = [told["content"] for told in told_it if told["type"] == "m.room_key.withheld"]
    assert [(it["code"], it["room_id"]) for it in withheld] == [("m.unverified", case)]
    assert list(await bot.channel.unsigned_devices(signed.user_id)) == ["phone"]


async def test_a_case_room_stays_closed_to_unsigned_devices_after_a_restart(
    bot: Bot, make_phone: MakePhone, make_blind_phone: MakePhone
) -> None:
    signed = await make_phone("om", bot=bot.user)
    unsigned = await make_blind_phone(signed.user_id, bot=bot.user, signed=False)
    case = await bot.opens("K7Q4", signed.user_id, signed_only=True)
    await signed.settle()
    await bot.restart()
    await bot.says(case, "na de herstart")
    await signed.expects("na de herstart")
    await cannot_read(unsigned, case)


async def test_a_device_that_is_signed_later_reads_from_then_on(
    bot: Bot, make_blind_phone: MakePhone
) -> None:
    phone = await make_blind_phone("om", bot=bot.user, signed=False)
    case = await bot.opens("K7Q4", phone.user_id, signed_only=True)
    await phone.settle()
    await bot.receives_kind("joined", phone.user_id)
    await bot.says(case, "te vroeg")
    await cannot_read(phone, case)
    await phone._sign_device()
    probe = await phone.says(case, "nu ondertekend")
    await bot.receives(lambda u: u.update_id == probe.event_id)
    await bot.says(case, "nu wel")
    await phone.expects("nu wel")


async def test_a_second_device_reads_from_its_coming_on(
    bot: Bot, make_phone: MakePhone, make_blind_phone: MakePhone
) -> None:
    first = await make_phone("om", bot=bot.user)
    room = await bot.opens("Kortelijn", first.user_id, direct=True)
    await first.settle()
    await bot.says(room, "alleen de eerste")
    await first.expects("alleen de eerste")
    second = await make_blind_phone(first.user_id, bot=bot.user, signed=False)
    probe = await first.says(room, "er is een tweede")
    await bot.receives(lambda u: u.update_id == probe.event_id)
    await bot.says(room, "voor allebei")
    await first.expects("voor allebei")
    await second.expects("voor allebei")
    assert [s.undecryptable for s in _in(second, room) if s.sender == bot.user] == [True, False]


async def test_who_was_removed_cannot_read_on(bot: Bot, make_phone: MakePhone) -> None:
    stays, goes = await make_phone("om", bot=bot.user), await make_phone("vt", bot=bot.user)
    room = await bot.opens("K7Q4", stays.user_id, goes.user_id)
    await stays.settle()
    await goes.settle()
    await bot.says(room, "voor allebei")
    before = await stays.expects("voor allebei")
    await goes.expects("voor allebei")
    await bot.does(Remove(room, fresh_key(), goes.user_id))
    await bot.says(room, "zonder de ander")  # at once: no sync told the bot
    after = await stays.expects("zonder de ander")
    await goes.settle()
    assert after.event_id not in goes.screen
    sessions = [await _session(stays, room, seen.event_id) for seen in (before, after)]
    assert sessions[0] != sessions[1]


async def test_who_joins_late_cannot_read_what_was_before(bot: Bot, make_phone: MakePhone) -> None:
    early, late = await make_phone("om", bot=bot.user), await make_phone("vt", bot=bot.user)
    room = await bot.opens("K7Q4", early.user_id)
    await early.settle()
    event_id = await bot.says(room, "voor de eersten")
    await early.expects("voor de eersten")
    await bot.does(Invite(room, fresh_key(), late.user_id))
    await bot.says(room, "voor de genodigde")
    await late.settle()
    await bot.says(room, "voor iedereen")
    await late.expects("voor iedereen")
    await early.expects("voor de genodigde")
    await early.expects("voor iedereen")
    assert event_id not in late.screen
    late.ignore_so_far()


async def test_more_messages_than_a_key_lasts_can_be_read(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("Kortelijn", phone.user_id, direct=True)
    await phone.settle()
    for number in range(105):  # a key is used for a hundred
        await bot.says(room, f"bericht {number}.", loud=False)
    await phone.expects("bericht 104.")
    assert [seen.text for seen in phone.messages] == [f"bericht {n}." for n in range(105)]
    phone.ignore_so_far()


async def test_buttons_need_no_key(bot: Bot, make_phone: MakePhone) -> None:
    """Reactions are never encrypted; a device without a key still sees them."""
    phone = await make_phone("om", bot=bot.user, signed=False)
    room = await bot.opens("K7Q4", phone.user_id, signed_only=True)
    await phone.settle()
    said = await phone.says(room, "hallo")
    await bot.does(Buttons(room, fresh_key(), said.event_id, ("✅",)))
    await phone.offers(said, "✅")


def _in(phone: Phone, room: str) -> list[Seen]:
    return [seen for seen in phone.messages if seen.room == room]


async def _session(phone: Phone, room: str, event_id: str) -> str:
    """The key that an event was encrypted with, as its outside tells."""
    answer = await phone.client.room_get_event(room, event_id)
    return str(answer.event.session_id)
