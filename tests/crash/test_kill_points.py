"""kill -9 at every commit and send boundary: no page lost, none twice, no ack forgotten.

One region for each database; for each named place the bot is started so that it dies there in the
middle of an alarm, and a supervisor starts it again. On Matrix every page arrives exactly once,
because the key of its outbox row is the transaction id.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import write_story
from bot.kill_points import KillPoint
from tests.crash.database import Database, rows
from tests.crash.victim import Victim
from tests.kit.phone import Phone
from tests.kit.postgres import Postgres
from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.stories.stage import Stage, amsterdam

CALLED = ("vt_gw1", "om_ovj1", "politie_cvd1", "rvdk_contact1")
FRIDAY = amsterdam(2026, 7, 10, 15, 40)
# How often a place is passed before the process dies there: in the middle of the alarm.
PASSES = {
    KillPoint.RECEIVED: 3,
    KillPoint.KEPT: 3,
    KillPoint.DECIDED: 2,
    KillPoint.DONE: 2,
    KillPoint.CLAIMED: 2,
    KillPoint.SENT: 3,
    KillPoint.MARKED: 4,
    KillPoint.PAGES_CLAIMED: 1,
    KillPoint.PAGE_SENT: 2,
    KillPoint.PAGE_MARKED: 2,
    KillPoint.DUE: 1,
    KillPoint.FIRED: 1,
}


class Region(Stage):
    """The region of the stories, with the bot as a process that dies and comes back."""

    bot: Victim

    async def begin(self, address: str | None) -> None:
        """Everybody enrolled, the first bot running. `address` of a PostgreSQL, if it is one."""
        if address is not None:
            self.settings = self.settings.model_copy(update={"database_url": address})
        await self.prepare()
        await self.sign_in("vt_fo", *CALLED)
        await self.later(minutes=0)
        self.bot = Victim(self.settings, self.settings.config_dir.parent)
        await self.bot.start()
        for phone in self.phones.values():
            await _arrives(phone)
        for phone in self.phones.values():
            await phone.expects("Welkom")

    async def settled(self) -> None:
        """No clock of an earlier case is due, so that the next kill point is in this alarm."""
        until = int(self.now.timestamp() * 1000) + 60_000
        next_due = "SELECT coalesce(min(due_at), 0) FROM timer WHERE state = 'live'"
        while 0 < rows(self.settings, next_due)[0][0] <= until:
            await self.phones["vt_fo"].news(0.1)

    async def later(self, minutes: float) -> None:
        """Story time jumps ahead, and runs as fast as ours from there."""
        self.now += timedelta(minutes=minutes)
        assert self.settings.story_clock is not None
        write_story(self.settings.story_clock, int(self.now.timestamp() * 1000), 1)


@pytest.fixture(scope="module", params=list(Database))
async def region(
    synapse: Synapse,
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Region]:
    """One region for all kill points."""
    folder: Path = tmp_path_factory.mktemp("crash")
    region = Region(synapse, folder, FRIDAY)
    shared = request.param is Database.POSTGRESQL
    try:
        await region.begin(postgres.url(await postgres.fresh()) if shared else None)
        yield region
    finally:
        await region.bot.stop()
        await region.close()


def test_every_kill_point_is_tried() -> None:
    assert set(PASSES) == set(KillPoint)


@pytest.mark.parametrize("point", list(KillPoint))
async def test_no_page_is_lost_or_doubled(region: Region, point: KillPoint) -> None:
    deaths = region.bot.deaths
    await region.later(minutes=2)  # else it is asked whether this is the same alarm
    await region.settled()
    await region.bot.stop()
    await region.bot.start(f"{point}:{PASSES[point]}")
    reference = await _raise_alarm(region["vt_fo"])
    for key in CALLED:
        await region[key].expects(f"🔴 Alarm {reference}", loud=True)
    page = _pages(region["om_ovj1"], reference)[0]
    if point in (KillPoint.DUE, KillPoint.FIRED):
        await region.later(minutes=5)
        await region["om_ovj1"].shows(page, "⏫ De achterwacht is opgeroepen")
    await region["om_ovj1"].taps(page, "✅")
    await region["om_ovj1"].shows(page, f"Jij pakt {reference} op")
    await region["vt_fo"].expects("OM: opgepakt")
    assert region.bot.deaths == deaths + 1, "the bot did not die where it should"
    for key in CALLED:
        await region[key].settle()
        assert len(_pages(region[key], reference)) == 1, f"{key} was called twice"


async def _arrives(phone: Phone) -> None:
    await phone.sees(lambda: phone.direct_rooms or None, "a direct chat")


async def _raise_alarm(vt: Phone) -> str:
    await vt.says(vt.direct_room, "alarm skm spoed Centrum letsel past niet bij uitleg")
    draft = await vt.expects("Er is nog niets verstuurd. Klopt dit?")
    await vt.offers(draft, "1️⃣", "2️⃣", "❌")
    await vt.taps(draft, "1️⃣")
    await vt.shows(draft, "van 4 opgepakt")
    return draft.text.split()[1]


def _pages(phone: Phone, reference: str) -> list[Seen]:
    """The messages that were, when they came, the page of this case."""
    begin = f"🔴 Alarm {reference}"
    return [
        seen
        for seen in phone.messages
        if any(text.startswith(begin) for text in (seen.text, *seen.versions))
    ]
