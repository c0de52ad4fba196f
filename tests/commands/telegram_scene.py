"""People of the demo region who have Telegram as well: phones, links and chats."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlmodel import select

from commands.world import World
from config.region import Telegram
from storage.access_log import verify
from storage.tables import Identity, Person
from tests.commands.harness import Desk, Phone
from tests.commands.morning import open_desk

BOT = "lagedijk_kortelijn_bot"
TELEGRAM = "telegram"
LINK = re.compile(rf"https://t\.me/{BOT}\?start=([\w-]{{22}})$")
CLOSED = "Dit kanaal is besloten."
GONE = "Deze link werkt niet meer. Vraag een nieuwe aan je aanspreekpunt."


@asynccontextmanager
async def open_telegram_desk(folder: Path) -> AsyncIterator[Desk]:
    """A quiet Friday afternoon; the region has a bot on Telegram, and nobody is there yet."""
    async with open_desk(folder) as desk:
        region = desk.world.region.model_copy(update={"telegram": Telegram(bot=BOT)})
        desk.world = World(region, desk.world.protocols)
        yield desk
        async with desk.store.view() as unit:
            assert (await verify(unit)).broken_at is None


def on_telegram(desk: Desk, number: str) -> Phone:
    """The private chat of a Telegram account: it bears the number of the account."""
    desk.rooms_named[f"direct:{number}"] = number
    return Phone(desk, number, number)


async def types(phone: Phone, text: str, room: str | None = None, **more: bool) -> None:
    """Write on Telegram."""
    where = room or phone.direct
    await phone.desk.update("text", where, phone.address, text=text, channel=TELEGRAM, **more)


def binding_is_told(desk: Desk) -> int:
    """Whoever made a link hears that it was used; how often that was, all of it expected now."""
    told = [each for each in desk.shown if "doet nu mee op Telegram" in each.text]
    for each in told:
        each.expected = True
    return len(told)


async def token_for(desk: Desk, label: str, maker: str = "om_ap") -> str:
    """The contact point makes a link and gives it away."""
    await desk[maker].says(f"uitnodigen {label}")
    shown = desk[maker].expects("Geef deze link zelf.", loud=False)
    found = LINK.search(shown.text)
    assert found is not None, shown.text
    return found.group(1)


async def enrolled(desk: Desk, key: str, number: str, maker: str = "om_ap") -> Phone:
    """Somebody comes in by a link."""
    phone = on_telegram(desk, number)
    token = await token_for(desk, desk.folder.people[key].label, maker)
    await types(phone, f"/start {token}")
    return phone


async def only_on_telegram(desk: Desk, key: str, number: str, maker: str = "om_ap") -> Phone:
    """Somebody without Matrix: as `enrolled`, and what they had there is gone."""
    phone = await enrolled(desk, key, number, maker)
    async with desk.store.unit() as unit:
        found = await unit.session.exec(
            select(Identity).join(Person).where(Person.key == key, Identity.channel == "matrix")
        )
        await unit.session.delete(found.one())
    return phone


async def identities(desk: Desk, key: str) -> dict[str, Identity]:
    """By messenger."""
    async with desk.store.view() as unit:
        found = await unit.session.exec(select(Identity).join(Person).where(Person.key == key))
        return {each.channel: each for each in found}
