"""The Friday-hospital day on a real server until the first agreement, filmed on each phone."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.kit.seen import Seen
from tests.kit.synapse import Synapse
from tests.picture.film import Film
from tests.stories.stage import Stage, a_stage, amsterdam

FRIDAY = amsterdam(2026, 7, 10, 15, 40)
MELDER, VT, OFFICER, POLICE = "vt_fo", "vt_gw1", "om_ovj1", "politie_cvd1"
RVDK, BACKUP = "rvdk_contact1", "rvdk_contact2"
READS = {VT: "15:41", OFFICER: "15:42", RVDK: "15:43", POLICE: "15:44"}
TAKES = {VT: "15:42", OFFICER: "15:44", POLICE: "15:46", BACKUP: "15:53"}
VOTES = {MELDER: "15:54", VT: "15:54", OFFICER: "15:55", POLICE: "15:56", BACKUP: "15:57"}
REASON = "letsel past niet bij uitleg"
AGREEMENT = "afspraak politie: sporen veiligstellen vóór 18:00"


@dataclass
class Day:
    """The people of the day, and what is filmed of it."""

    stage: Stage
    films: dict[str, Film] = field(default_factory=dict)

    def film(self, *keys: str) -> None:
        for key in keys:
            self.films[key] = Film(self.stage[key], lambda: int(self.stage.now.timestamp() * 1000))
            self.films[key].start()

    async def press(self, key: str, message: Seen, label: str) -> None:
        await self.films[key].press(message, label)

    async def play(self) -> None:
        await self._alarm()
        await self._pages()
        await self._plan()
        await self._agree()
        await self.stage.quiet()

    async def _alarm(self) -> None:
        melder = self.stage[MELDER]
        await melder.writes("alarm")
        draft = await melder.expects("Wat is er aan de hand?")
        await self.press(MELDER, draft, "Kindermishandeling")
        await melder.shows(draft, "Waar?")
        await self.press(MELDER, draft, "Centrum")
        await melder.shows(draft, "Klopt dit?")
        await melder.writes(REASON)
        await melder.shows(draft, f"Reden: {REASON}")
        await self.press(MELDER, draft, "Verstuur: spoed")

    async def _pages(self) -> None:
        pages = {key: await self.stage[key].expects("Pak je dit op") for key in READS}
        acts = [(clock, key, "reads") for key, clock in READS.items()]
        acts += [(clock, key, "takes") for key, clock in TAKES.items()]
        for clock, key, act in sorted(acts):
            await self.stage.at(clock)
            page = pages[key] if key in pages else await self.stage[key].expects("achterwacht")
            if act == "reads":
                await self.stage[key].reads(page)
            else:
                await self.press(key, page, "Ik pak op")

    async def _plan(self) -> None:
        for key, clock in VOTES.items():
            asked = await self.stage[key].expects("Wanneer kun je")
            await self.stage.at(clock)
            await self.press(key, asked, "16:30")

    async def _agree(self) -> None:
        await self.stage.at("16:40")
        melder, police = self.stage[MELDER], self.stage[POLICE]
        await melder.says(melder.case_room, AGREEMENT)
        owed = await police.expects("Afspraak 1 in")
        await self.stage.at("16:42")
        await self.press(POLICE, owed, "Klopt")


async def played() -> dict[str, Film]:
    """The films of all phones, by the key of their owner, once the day is over."""
    with tempfile.TemporaryDirectory(prefix="kortelijn-picture-") as folder:
        staff = (MELDER, *READS, BACKUP)
        async with (
            Synapse.temporary() as synapse,
            a_stage(synapse, Path(folder), FRIDAY, staff) as stage,
        ):
            day = Day(stage)
            day.film(*staff)
            await day.play()
            for phone in stage.phones.values():
                phone.ignore_so_far()  # a picture, no test: whatever came is right
            return day.films
