"""A drawing on both messengers: an image, with its words, as sharp as it was drawn."""

from dataclasses import replace

import pytest

from bot.channels.base import Accepted, Refused, SendPicture
from bot.channels.telegram.channel import TelegramChannel
from bot.picture import ink
from bot.picture.png import png
from tests.channels.matrix.bot import Bot, fresh_key
from tests.channels.matrix.conftest import bot, make_bot  # noqa: F401 - fixtures
from tests.channels.telegram.conftest import channel, make_channel, telegram  # noqa: F401
from tests.conftest import MakePhone
from tests.kit.telegram.server import FakeTelegram

WORDS = "Rooster RvdK, twee weken. Gaten: 2."


def picture(room: str, key: str, height: int = 700) -> SendPicture:
    svg = ink.page(1080, height, ink.text(20, 60, "Rooster RvdK", size=46))
    return SendPicture(room, key, "rooster-rvdk.png", WORDS, svg, 1080, height)


async def test_on_matrix_it_is_an_encrypted_image(bot: Bot, make_phone: MakePhone) -> None:
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("Kortelijn", phone.user_id, direct=True)
    await phone.settle()
    wish = picture(room, fresh_key())
    sent = await bot.does(wish)
    assert await bot.does(wish) == sent, "the same key is one message"
    seen = await phone.expects(WORDS)
    assert seen.encrypted
    assert seen.kind == "m.image"
    about = seen.content["info"]
    assert (about["w"], about["h"], about["mimetype"]) == (1080, 700, "image/png")
    assert seen.content["filename"] == "rooster-rvdk.png"
    opened = await phone.opens(seen)
    assert opened == await png(wish.svg)
    assert about["size"] == len(opened)


@pytest.mark.parametrize(("height", "kind"), [(1280, "photo"), (1281, "document")])
async def test_on_telegram_a_tall_one_is_a_document(
    channel: TelegramChannel, telegram: FakeTelegram, height: int, kind: str
) -> None:
    """A photo is made smaller there until its words cannot be read."""
    anna = telegram.person("anna")
    await anna.starts()
    wish = picture(str(anna.id), "k", height)
    receipt = await channel.send(wish)
    seen = anna.messages[-1]
    assert receipt == Accepted((seen.event_id,))
    assert kind in seen.content
    assert seen.content["caption"] == WORDS
    assert (seen.silent, seen.protected) == (True, True)
    assert anna.opens(seen) == await png(wish.svg)


async def test_what_cannot_be_drawn_is_refused_and_not_tried_for_ever(
    channel: TelegramChannel, telegram: FakeTelegram, bot: Bot, make_phone: MakePhone
) -> None:
    anna = telegram.person("anna")
    await anna.starts()
    phone = await make_phone("om", bot=bot.user)
    room = await bot.opens("Kortelijn", phone.user_id, direct=True)
    broken = replace(picture(str(anna.id), "k"), svg="<svg")
    assert isinstance(await channel.send(broken), Refused)
    assert isinstance(await bot.channel.send(replace(broken, room=room)), Refused)
