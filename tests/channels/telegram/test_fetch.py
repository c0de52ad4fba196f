"""A document that somebody sends, over the wire of the fake Bot API to its bytes."""

import pytest

from bot.channels.base import Accepted, Fetch, Later, Refused
from bot.channels.telegram.channel import TelegramChannel
from commands.update import TOO_LARGE, Document
from tests.kit.telegram.faults import Cut, Flood, Refuse, ServerError
from tests.kit.telegram.person import Person
from tests.kit.telegram.server import FakeTelegram

ROSTER = "datum;dienst\r\n2026-07-10;één\r\n".encode() * 100
MOST = 2 * 1024 * 1024


@pytest.fixture
async def anna(telegram: FakeTelegram) -> Person:
    anna = telegram.person("anna")
    await anna.starts()
    return anna


async def sent(channel: TelegramChannel, anna: Person, content: bytes = ROSTER) -> Fetch:
    """What the bot would fetch of a roster that a phone sent."""
    await anna.sends_file("rooster.csv", content)
    batch = await channel.receive(None)
    document = batch.updates[-1].document
    assert document is not None
    assert document == Document("rooster.csv", "", len(content), document.source)
    return Fetch(str(anna.id), "k", document.source, MOST)


async def test_what_a_phone_sent_is_fetched(channel: TelegramChannel, anna: Person) -> None:
    wish = await sent(channel, anna)
    assert await channel.send(wish) == Accepted(content=ROSTER)


async def test_more_than_was_allowed_is_not_read(
    channel: TelegramChannel, anna: Person, telegram: FakeTelegram
) -> None:
    """Whatever size was told."""
    wish = await sent(channel, anna)
    telegram.files[wish.source] = ("rooster.csv", b"x" * (MOST + 1))
    assert await channel.send(wish) == Refused(TOO_LARGE)
    telegram.files[wish.source] = ("rooster.csv", b"x" * MOST)
    assert await channel.send(wish) == Accepted(content=b"x" * MOST)


async def test_what_bots_cannot_get_is_too_large(
    channel: TelegramChannel, anna: Person, telegram: FakeTelegram
) -> None:
    wish = await sent(channel, anna)
    telegram.files[wish.source] = ("rooster.csv", b"x" * (20 * 1024 * 1024 + 1))
    assert await channel.send(wish) == Refused(TOO_LARGE)


async def test_what_is_not_there_any_more_is_refused(
    channel: TelegramChannel, anna: Person, telegram: FakeTelegram
) -> None:
    wish = await sent(channel, anna)
    telegram.faults.once("file", Refuse(404, "Not Found"))
    assert await channel.send(wish) == Refused("HTTP 404 in place of a file")
    telegram.files.clear()
    assert isinstance(await channel.send(wish), Refused)


async def test_trouble_of_a_moment_is_tried_later_and_the_messenger_counts_as_well(
    channel: TelegramChannel, anna: Person, telegram: FakeTelegram
) -> None:
    wish = await sent(channel, anna)
    for method, fault in (
        ("getFile", Flood(3)),
        ("getFile", Cut()),
        ("file", ServerError()),
        ("file", Cut()),
    ):
        telegram.faults.always(method, fault)
        receipt = await channel.send(wish)
        assert isinstance(receipt, Later)
        assert not receipt.channel_down
        telegram.faults.clear()
    assert await channel.send(wish) == Accepted(content=ROSTER)


async def test_a_photo_is_no_document(channel: TelegramChannel, anna: Person) -> None:
    await anna.sends_photo()
    batch = await channel.receive(None)
    assert (batch.updates[-1].kind, batch.updates[-1].document) == ("file", None)
