"""A document that somebody sends, from their phone through the real homeserver to its bytes."""

import json
from dataclasses import replace

import pytest

from bot.channels.base import Accepted, Fetch, Refused
from bot.channels.matrix.attachments import document_of
from commands.update import TOO_LARGE, Document
from tests.channels.matrix.bot import Bot, fresh_key
from tests.conftest import MakePhone

ROSTER = "datum;dienst\r\n2026-07-10;één\r\n".encode() * 100


async def sent(bot: Bot, make_phone: MakePhone, content: bytes = ROSTER) -> Fetch:
    """What the bot would fetch of a roster that a phone sent."""
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("Kortelijn", phone.user_id, direct=True)
    await phone.settle()
    await phone.sends_file(room, "rooster.csv", "text/csv", content)
    update = await bot.receives_kind("file", phone.user_id)
    document = update.document
    assert document is not None
    assert (document.name, document.media_type) == ("rooster.csv", "text/csv")
    assert document.size == len(content)
    return Fetch(room, fresh_key(), document.source, 2 * 1024 * 1024)


async def test_what_a_phone_sent_is_fetched_and_decrypted(bot: Bot, make_phone: MakePhone) -> None:
    wish = await sent(bot, make_phone)
    assert await bot.channel.send(wish) == Accepted(content=ROSTER)
    assert await bot.channel.send(wish) == Accepted(content=ROSTER), "again is the same"


async def test_more_than_was_allowed_is_not_read(bot: Bot, make_phone: MakePhone) -> None:
    wish = await sent(bot, make_phone)
    assert await bot.channel.send(replace(wish, most_bytes=len(ROSTER) - 1)) == Refused(TOO_LARGE)
    exactly = await bot.channel.send(replace(wish, most_bytes=len(ROSTER)))
    assert exactly == Accepted(content=ROSTER)


async def test_what_was_changed_on_the_way_is_refused(bot: Bot, make_phone: MakePhone) -> None:
    wish = await sent(bot, make_phone)
    parts = json.loads(wish.source)
    other = {**parts, "sha256": "A" * 43}
    receipt = await bot.channel.send(replace(wish, source=json.dumps(other)))
    assert receipt == Refused("not what was sent: EncryptionError")


async def test_what_the_server_does_not_have_is_refused(bot: Bot, make_phone: MakePhone) -> None:
    wish = await sent(bot, make_phone)
    parts = json.loads(wish.source)
    elsewhere = {**parts, "url": parts["url"][:-3] + "xyz"}
    receipt = await bot.channel.send(replace(wish, source=json.dumps(elsewhere)))
    assert receipt == Refused("HTTP 404 M_NOT_FOUND")


async def test_a_photo_is_no_document(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("Kortelijn", phone.user_id, direct=True)
    await phone.settle()
    await phone.sends_file(room, "foto.png", "image/png", b"\x89PNG")
    assert (await bot.receives_kind("file", phone.user_id)).document is None


FILE = {
    "url": "mxc://lagedijk.example/abc",
    "key": {"k": "a"},
    "iv": "b",
    "hashes": {"sha256": "c"},
}
SOURCE = json.dumps({"url": FILE["url"], "k": "a", "iv": "b", "sha256": "c"})


def test_a_caption_is_not_the_name() -> None:
    content = {"body": "hierbij", "filename": "r.xlsx", "file": FILE, "info": {"size": 7}}
    assert document_of(content) == Document("r.xlsx", "", 7, SOURCE)


@pytest.mark.parametrize(
    "content",
    [
        {"body": "r.csv", "url": "mxc://lagedijk.example/abc"},  # not encrypted
        {"body": 3, "file": FILE},
        {"body": "r.csv", "file": []},
        {"body": "r.csv", "file": {**FILE, "key": "a"}},
        {"body": "r.csv", "file": {**FILE, "hashes": {}}},
        {"body": "r.csv", "file": {**FILE, "iv": "b" * 600}},
        {"body": "r.csv", "file": {**FILE, "url": "https://lagedijk.example/abc"}},
        {"body": "r.csv", "file": {**FILE, "url": "mxc://lagedijk.example/../../admin"}},
        {"body": "r.csv", "file": {**FILE, "url": "mxc://lagedijk.example/abc?x=1"}},
    ],
)
def test_what_is_not_well_formed_is_no_document(content: dict[str, object]) -> None:
    assert document_of(content) is None


def test_a_size_that_is_no_number_is_unknown() -> None:
    document = document_of({"body": "r.csv", "file": FILE, "info": {"size": "veel"}})
    assert document is not None
    assert document.size is None


def test_its_key_is_never_printed() -> None:
    document = document_of({"body": "r.csv", "file": FILE})
    assert "mxc" not in repr(document)
    assert "mxc" not in repr(Fetch("!r", "k", SOURCE, 1))
