"""The region of the stories on PostgreSQL, with two bots that share it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.clock import write_story
from tests.instances.instance import Instance
from tests.kit.phone import Phone
from tests.kit.postgres import Postgres
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, amsterdam

CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
FRIDAY = amsterdam(2026, 7, 10, 15, 40)


class Region(Stage):
    """Everybody has Matrix. `one` was started first."""

    one: Instance
    two: Instance
    database: str  # its name

    async def begin(self, url: str) -> None:
        """Everybody enrolled, both bots running."""
        await self.prepare()
        await self.sign_in("vt_fo", *CALLED)
        await self.later(minutes=0)
        clock = self.settings.story_clock
        assert clock is not None
        settings = {"KORTELIJN_STORY_CLOCK": str(clock), "KORTELIJN_DATABASE_URL": url}
        folder = self.settings.config_dir.parent
        self.one = Instance("one", self.settings.config_dir, folder, settings)
        self.two = Instance("two", self.settings.config_dir, folder, settings)
        await self.one.start()
        await self.one.until(lambda: "matrix" in self.one.leads, "to lead")
        await self.two.start()
        for phone in self.phones.values():
            await phone.sees(lambda phone=phone: phone.direct_rooms or None, "a direct chat")  # type: ignore[misc]
        for phone in self.phones.values():
            await phone.expects("Welkom")

    async def later(self, minutes: float) -> None:
        """Story time jumps ahead, and runs as fast as ours from there."""
        self.now += timedelta(minutes=minutes)
        assert self.settings.story_clock is not None
        write_story(self.settings.story_clock, int(self.now.timestamp() * 1000), 1)

    async def roles(self) -> tuple[Instance, Instance]:
        """Who leads now, and who stands by; both are ready."""
        for each in (self.one, self.two):
            await each.until(lambda each=each: each.ready, "to be ready")
        await self.one.until(lambda: self.one.leads or self.two.leads, "to have a leader")
        return (self.one, self.two) if self.one.leads else (self.two, self.one)

    async def again(self, leader: Instance, *, kill_at: str) -> None:
        """Start it again with this kill point."""
        await leader.stop()
        await leader.start(kill_at)

    async def leads(self, leader: Instance, other: Instance) -> None:
        """Have this one lead: the other one is stopped for a moment."""
        await other.stop()
        await leader.until(lambda: leader.leads, "to lead")
        await other.start()

    async def alarm(self) -> str:
        """Raise one, and return its reference once it is under way."""
        await self.later(minutes=2)  # else it is asked whether this is the same alarm
        vt = self.phones["vt_fo"]
        await vt.says(vt.direct_room, "alarm skm spoed Centrum letsel past niet bij uitleg")
        draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
        await vt.offers(draft, "1️⃣", "2️⃣", "❌")
        await vt.taps(draft, "1️⃣")
        await vt.shows(draft, "van 4 opgepakt")
        return draft.text.split()[1]

    def page(self, key: str, reference: str) -> Seen:
        """The page of this case on this phone."""
        return pages(self.phones[key], reference)[0]

    async def called_once(self, reference: str) -> None:
        """Everybody on duty has the page, and nobody has it twice."""
        for key in CALLED:
            if not pages(self.phones[key], reference):
                await self.phones[key].expects(f"🔴 Alarm {reference}", loud=True)
        for key in CALLED:
            await self.phones[key].settle()
            assert len(pages(self.phones[key], reference)) == 1, f"{key} was called twice"


def pages(phone: Phone, reference: str) -> list[Seen]:
    """The messages that were, when they came, the page of this case, and still stand."""
    begin = f"🔴 Alarm {reference}"
    return [
        seen for seen in phone.messages if seen.versions[0].startswith(begin) and not seen.redacted
    ]


@asynccontextmanager
async def two_instances(
    synapse: Synapse, postgres: Postgres, folder: Path
) -> AsyncIterator[Region]:
    """Both stop at the end, whatever became of them."""
    region = Region(synapse, folder, FRIDAY)
    try:
        region.database = await postgres.fresh()
        await region.begin(postgres.url(region.database))
        yield region
    finally:
        for each in (getattr(region, "one", None), getattr(region, "two", None)):
            if each is not None:
                await each.stop()
        await region.close()
