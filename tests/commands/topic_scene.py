"""A region in mode `thread`: VT and the police have Telegram, OM and RvdK only Matrix."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from commands.seed import seed_group
from commands.world import World
from config.region import Telegram
from storage.tables import Case, InventoryItem
from tests.commands.harness import Desk, Phone, Shown
from tests.commands.morning import open_desk
from tests.commands.telegram_scene import BOT, TELEGRAM, enrolled, on_telegram, types

GROUP = "-1000000000001"
DPIA = "DPIA 2026-01"
ALARM = "alarm skm spoed Centrum letsel past niet bij uitleg"
VT, POLICE, OM = "vt_fo", "politie_cvd1", "om_ovj1"


@dataclass
class Topics:
    """The desk, and the phones that are on Telegram."""

    desk: Desk
    vt: Phone
    police: Phone

    @property
    def room(self) -> str:
        """The topic of the case."""
        return self.desk.case_room()

    def says(self) -> list[str]:
        """What stands in the topic."""
        return [each.text for each in self.vt.screen(self.room)]

    async def alarm(self) -> None:
        await types(self.vt, ALARM)
        await press(self.vt, self.vt.expects("Klopt dit?"), "Verstuur: spoed")

    async def take(self) -> None:
        await press(self.police, self.police.expects("🔴 Alarm"), "Ik pak op")

    async def writes(self, phone: Phone, text: str) -> None:
        """In the topic."""
        await types(phone, text, self.room)

    async def happens(self, kind: str, room: str, sender: str) -> str:
        return await self.desk.update(kind, room, sender, channel=TELEGRAM)

    async def case(self) -> Case:
        async with self.desk.store.view() as unit:
            case = (await unit.session.exec(select(Case).where(Case.state != "draft"))).one()
            unit.session.expunge_all()
            return case

    async def inventory(self) -> list[str]:
        """What of the case is written down to be erased in its topic."""
        async with self.desk.store.view() as unit:
            wanted = select(InventoryItem.event_id).where(InventoryItem.room == self.room)
            return list(await unit.session.exec(wanted))


async def press(phone: Phone, message: Shown, label: str) -> None:
    """An inline button under a message, wherever that stands."""
    await phone.desk.update(
        "tap",
        message.room,
        phone.address,
        text=dict(message.keyboard)[label],
        about=message.event_id,
        channel=TELEGRAM,
    )


@asynccontextmanager
async def open_topics(folder: Path) -> AsyncIterator[Topics]:
    """Nothing happened yet."""
    async with open_desk(folder, after=_two_come_in) as desk:
        _in_topics(desk)
        yield Topics(desk, on_telegram(desk, "5001"), on_telegram(desk, "5002"))


async def _two_come_in(desk: Desk) -> None:
    _in_topics(desk)
    async with desk.store.unit() as unit:
        await seed_group(unit, desk.world.region)
    vt = await enrolled(desk, VT, "5001", "vt_ap")
    police = await enrolled(desk, POLICE, "5002", "politie_ap")
    await desk.advance(1)
    for phone in (vt, police):
        await types(phone, "test")
        await press(phone, phone.expects("TEST"), "Gehoord")
        await types(phone, "voorkeur telegram")
    desk.expect_so_far()


def _in_topics(desk: Desk) -> None:
    telegram = Telegram(bot=BOT, mode="thread", dpia_reference=DPIA, group=GROUP)
    region = desk.world.region.model_copy(update={"telegram": telegram})
    desk.world = World(region, desk.world.protocols)
