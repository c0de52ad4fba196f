"""Telegram phones speak the words of the Matrix phones, and traffic is counted as Telegram does."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from tests.kit.expect import NotSeen, nothing_unexpected
from tests.kit.seen import Happening
from tests.kit.telegram.client import keyboard
from tests.kit.telegram.clock import Clock
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram
from tests.kit.telegram.traffic import Call, Limits, Traffic


async def test_expecting_waits_for_what_comes_later(bot: Bot, anna: Person) -> None:
    waiting = asyncio.create_task(anna.expects("Alarm"))
    await asyncio.sleep(0)
    assert not waiting.done()
    sent = await bot.send_message(anna.id, "Alarm K7Q4")
    seen = await waiting
    assert seen.event_id == f"{anna.id}:{sent.message_id}"


async def test_what_nobody_expected_fails_the_end(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Alarm", reply_markup=keyboard("Ja"))
    await bot.send_message(anna.id, "Nog iets")
    await anna.expects("Alarm")
    with pytest.raises(AssertionError, match=r"anna did not expect:\n.*Nog iets"):
        await nothing_unexpected([anna])
    await anna.expects("Nog iets")
    await nothing_unexpected([anna])


async def test_an_edit_must_be_expected_too(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Alarm")
    page = await anna.expects("Alarm")
    await bot.edit_message_text("Ingetrokken", anna.id, sent.message_id)
    with pytest.raises(AssertionError, match="Ingetrokken"):
        await anna.nothing_unexpected()
    await anna.shows(page, "Ingetrokken")
    await anna.nothing_unexpected()


async def test_what_does_not_come_is_reported_with_what_stands_there(
    bot: Bot, anna: Person
) -> None:
    await bot.send_message(anna.id, "Stand", reply_markup=keyboard("Ja"), disable_notification=True)
    with pytest.raises(NotSeen, match=r"(?s)anna waited for .* that rings .*🔕.*'Stand' \[Ja\]"):
        await anna.expects("Stand", loud=True, hang_s=0.01)
    with pytest.raises(NotSeen, match=r"the buttons \[Nee\]"):
        await anna.offers(anna.messages[-1], "Nee", hang_s=0.01)


async def test_a_screen_tells_what_happens_in_order(bot: Bot, anna: Person) -> None:
    happened: list[Happening] = []
    anna.screen.listeners.append(happened.append)
    sent = await bot.send_message(anna.id, "een")
    await bot.edit_message_text("twee", anna.id, sent.message_id)
    await bot.delete_message(anna.id, sent.message_id)
    await anna.writes("drie")
    told = [(one.what, one.who == anna.bot) for one in happened]
    assert told == [("message", True), ("edit", True), ("gone", True), ("message", False)]


async def test_the_log_has_every_request(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    server.log.clear()
    await bot.send_message(anna.id, "x")
    await bot.get_me()
    told = [(call.method, call.chat, call.code) for call in server.log]
    assert told == [("sendMessage", anna.id, 200), ("getMe", None, 200)]
    assert server.log.of("sendMessage", chat=anna.id)[0].parameters["text"] == "x"


def test_the_busiest_stretch_is_found_per_chat_and_overall() -> None:
    traffic = Traffic()
    for tenth, chat in ((0, 1), (5, 1), (9, 2), (10, 1), (14, 1), (30, 1)):
        at = 1_800_000_000_000 + tenth * 100
        traffic.calls.append(Call(at, tenth / 10, "sendMessage", chat, {}))
    traffic.calls.append(Call(0, 1.1, "getMe", None, {}))
    assert traffic.busiest(1.0) == 4
    assert traffic.busiest(1.0, chat=1) == 3
    assert traffic.busiest(1.0, chat=2) == 1
    assert traffic.busiest(1.0, chat=1, by_clock=True) == 3
    assert traffic.busiest(60.0, chat=1) == 5
    assert traffic.busiest(1.0, methods={"getMe"}) == 1
    assert Traffic().busiest(1.0) == 0


def test_limits_are_kept_per_chat_and_overall() -> None:
    traffic, limits = Traffic(), Limits(per_second=4, chat_second=2, group_minute=3)

    def sends(chat: int, real: float) -> int:
        call = Call(0, real, "sendMessage", chat, {}, 200)
        traffic.calls.append(call)
        flood = traffic.too_fast(call, limits)
        call.code = flood.code if flood else 200
        return flood.parameters["retry_after"] if flood else 0

    assert [sends(1, 0.0), sends(1, 0.1), sends(1, 0.2), sends(2, 0.3), sends(3, 0.4)] == [
        0, 0, 1, 0, 0,
    ]  # fmt: skip
    assert [sends(4, 0.5), sends(4, 1.5)] == [1, 0]
    assert [sends(-1, at) for at in (2.6, 20.0, 40.0, 61.0, 63.0)] == [0, 0, 0, 60, 0]


async def test_a_server_with_limits_floods_who_goes_too_fast(
    server: FakeTelegram, bot: Bot, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    server.limits = Limits(group_minute=2)
    group = server.group("Dienst", anna)
    await bot.send_message(group.id, "een")
    await bot.send_message(group.id, "twee")
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "drie")
    await bot.send_message(anna.id, "wel")
    assert [seen.text for seen in anna.messages[1:]] == ["een", "twee", "wel"]


def test_the_clock_follows_stands_and_moves() -> None:
    times = iter([1000, 2000, 3000])
    clock = Clock(lambda: next(times))
    assert clock.now() == 1000
    clock.move(seconds=5)
    assert clock.now() == 7000
    clock.stand_at(50_000)
    assert (clock.now(), clock.seconds()) == (50_000, 50)
    clock.move(minutes=1)
    assert clock.now() == 110_000


async def test_messages_have_the_servers_time(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    server_time = 1_790_000_000
    server.clock.stand_at(server_time * 1000)
    sent = await bot.send_message(anna.id, "x")
    assert int(sent.date.timestamp()) == server_time
