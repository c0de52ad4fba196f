"""Faults to order: each looks to the client like the real thing, as often as was asked."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.kit.telegram.client import client
from tests.kit.telegram.faults import (
    ANY,
    Cut,
    Flood,
    Hang,
    Noise,
    Page,
    Refuse,
    ServerError,
    Slow,
)
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram


@pytest.fixture(autouse=True)
def new_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns about its own constructor."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def texts(person: Person) -> list[str]:
    return [seen.text for seen in person.messages if seen.sender == person.bot]


async def test_a_flood_in_one_chat_leaves_the_others_alone(
    server: FakeTelegram, bot: Bot, anna: Person
) -> None:
    bea = server.person("bea")
    await bea.starts()
    flood = server.faults.always("sendMessage", Flood(7), chat=anna.id)
    for _ in range(2):
        with pytest.raises(RetryAfter) as told:
            await bot.send_message(anna.id, "x")
        assert told.value.retry_after == timedelta(seconds=7)
    await bot.send_message(bea.id, "wel")
    flood.lift()
    await bot.send_message(anna.id, "weer wel")
    assert (texts(anna), texts(bea)) == (["weer wel"], ["wel"])
    assert [call.code for call in server.log.of("sendMessage")] == [429, 429, 200, 200]


async def test_a_flood_can_be_for_everything(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    server.faults.times(2, ANY, Flood(1))
    with pytest.raises(RetryAfter):
        await bot.get_me()
    with pytest.raises(RetryAfter):
        await bot.send_message(anna.id, "x")
    await bot.send_message(anna.id, "wel")
    assert texts(anna) == ["wel"]


async def test_every_kind_of_refusal(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    for fault, kind, words in (
        (Refuse(), BadRequest, "message_invalid"),
        (Refuse(403, "Forbidden: bot was blocked by the user"), Forbidden, "blocked"),
        (ServerError(), NetworkError, "Internal Server Error"),
        (Page(), NetworkError, "Bad Gateway"),
        (Page(503, "<html>"), NetworkError, "Service Unavailable"),
    ):
        server.faults.once("sendMessage", fault)
        with pytest.raises(kind, match=f"(?i){words}"):
            await bot.send_message(anna.id, "x")
        assert fault.times_met == 1
    assert texts(anna) == []


async def test_an_answer_that_is_noise_hides_that_it_was_sent(
    server: FakeTelegram, bot: Bot, anna: Person
) -> None:
    server.faults.once("sendMessage", Noise())
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(anna.id, "toch verstuurd")
    assert texts(anna) == ["toch verstuurd"]


@pytest.mark.parametrize(("carried_out", "seen"), [(True, ["x"]), (False, [])])
async def test_a_cut_line_leaves_the_outcome_unknown(
    server: FakeTelegram, bot: Bot, anna: Person, carried_out: bool, seen: list[str]
) -> None:
    server.faults.once("sendMessage", Cut(carried_out=carried_out))
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "x")
    assert texts(anna) == seen
    assert server.log.of("sendMessage")[0].code == 0
    await bot.send_message(anna.id, "nog eens")
    assert texts(anna) == [*seen, "nog eens"]


@pytest.mark.parametrize(("carried_out", "seen"), [(True, ["x"]), (False, [])])
async def test_a_hang_lasts_until_the_client_gives_up(
    server: FakeTelegram, anna: Person, carried_out: bool, seen: list[str]
) -> None:
    server.faults.once("sendMessage", Hang(carried_out=carried_out))
    async with client(server, patience_s=0.5) as hasty:
        with pytest.raises(TimedOut):
            await hasty.send_message(anna.id, "x")
    assert texts(anna) == seen


async def test_a_hang_can_be_released(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    hang = Hang()
    server.faults.once("sendMessage", hang)
    send = asyncio.create_task(bot.send_message(anna.id, "laat"))
    await hang.met.wait()
    await bot.send_message(anna.id, "vlug")
    assert texts(anna) == ["vlug"]
    hang.release()
    await send
    assert texts(anna) == ["vlug", "laat"]


async def test_a_slow_answer_is_an_answer(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    slow = Slow(0.01)
    server.faults.once("sendMessage", slow)
    await bot.send_message(anna.id, "x")
    assert (slow.times_met, texts(anna)) == (1, ["x"])


async def test_faults_can_be_cleared(server: FakeTelegram, bot: Bot, anna: Person) -> None:
    server.faults.always(ANY, ServerError())
    server.faults.clear()
    await bot.send_message(anna.id, "x")
    assert texts(anna) == ["x"]


async def test_a_poll_that_is_cut_loses_nothing(
    server: FakeTelegram, bot: Bot, anna: Person
) -> None:
    server.faults.once("getUpdates", Cut())
    with pytest.raises(NetworkError):
        await bot.get_updates()
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert server.updates.confirmed == []


async def test_a_token_that_was_revoked(server: FakeTelegram, bot: Bot) -> None:
    server.token = server.token.replace("Fake", "Next")
    with pytest.raises(InvalidToken, match=r"(?i)unauthorized"):
        await bot.get_me()


async def test_closing_does_not_wait_for_a_hang() -> None:
    async with FakeTelegram() as server, client(server) as bot:
        hang = Hang()
        server.faults.once("getMe", hang)
        ask = asyncio.create_task(bot.get_me())
        await hang.met.wait()
        await server.goes_down()
        with pytest.raises(NetworkError):
            await ask


async def test_a_server_that_was_away_has_forgotten_nothing(
    server: FakeTelegram, bot: Bot, anna: Person
) -> None:
    where = server.url
    await server.goes_down()
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "x")
    await anna.writes("onderweg")
    await server.comes_back()
    assert server.url == where
    await bot.send_message(anna.id, "weer terug")
    assert texts(anna) == ["weer terug"]
    assert len(await bot.get_updates()) == 2
