"""Sets the region up, lets the day happen, and stops everything whatever comes."""

import asyncio
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.demo.bot_process import BotFailed, BotProcess
from tests.demo.closing_table import noise_table, partner_table
from tests.demo.crew import Crew
from tests.demo.day import BEGINS, CAST, BEATS, Need
from tests.demo.hand import Hand
from tests.demo.heard import Heard, Stalled
from tests.demo.region import Region, last_friday, set_up
from tests.demo.stay import how_to_go_on
from tests.demo.timeline import Timeline
from tests.kit.synapse import Synapse, SynapseFailed


class Director:
    """One run of the demo. Use `run`, which never leaves anything behind."""

    def __init__(self, timeline: Timeline, *, bind: str, kill_at: str | None) -> None:
        self._timeline = timeline
        self._kill_at = kill_at
        self._folder = Path(tempfile.mkdtemp(prefix="kortelijn-demo-"))
        self._server = Synapse(self._folder / "synapse", bind=bind)
        self._heard = Heard()
        self._crew = Crew(self._folder, self._heard)
        self._hand = Hand(self._folder / "clock", last_friday(datetime.now(UTC)))
        self._bot = BotProcess(
            self._folder / "kortelijn", self._folder / "clock", self._folder
        )
        self.staying = False  # the day is over, and everything was left up
        self._bot.on_death = self._bot_died
        self._bot.on_return = self._bot_is_back
        self._bot.on_failure = self._heard.give_up

    async def run(self, *, stay: asyncio.Event | None = None) -> int:
        """The exit code. With `stay` everything is left up after the day until it is set."""
        try:
            region = await self._prepare()
            await self._play()
            self._close(region)
            if stay is not None:
                await self._stay(region, stay)
        except (Stalled, BotFailed, SynapseFailed) as failure:
            self._timeline.heading("", f"❌ De dag is niet af: {failure}")
            for line in self._bot.troubles():
                self._timeline.heading(f"   {line}")
            return 1
        finally:
            await self._stop()
        return 0

    async def _prepare(self) -> Region:
        began = time.monotonic()
        crew = asyncio.create_task(self._crew.start())
        await self._server.start()
        region = await set_up(self._folder, self._server)
        await crew
        self._crew.sign_in(
            self._server.base_url, region.users, region.password, self._folder / "clock"
        )
        await self._bot.start()
        await self._heard.until(tuple(Need(key, "", ("ready",)) for key in CAST))
        if self._kill_at is not None:
            await self._bot.restart(self._kill_at)
        took = f"{time.monotonic() - began:.1f}".replace(".", ",")
        self._timeline.heading(
            f"Klaar na {took} s: een eigen Matrix-server, de bot, en {len(CAST)} mensen met elk "
            "een eigen telefoon.",
        )
        return region

    async def _play(self) -> None:
        day = self._hand.instant(BEGINS)
        self._heard.listeners.append(self._timeline.take)
        self._timeline.begin(time.time_ns() // 1_000_000)
        self._hand.set_to(datetime.fromtimestamp(day / 1000, UTC))
        for beat in BEATS:
            if beat.chapter:
                self._timeline.chapter(beat.chapter)
            await self._hand.hurry_to(beat.at)
            await self._heard.until(beat.needs)
        if unreadable := self._heard.unreadable():
            raise Stalled(f"Een bericht bleef onleesbaar voor: {', '.join(unreadable)}.")
        if self._kill_at is not None and not self._bot.deaths:
            raise Stalled(f"De bot kwam nooit zo vaak langs {self._kill_at}.")

    def _close(self, region: Region) -> None:
        reports = self._heard.reports
        self._timeline.heading("", "De dag in één tabel", *partner_table(reports))
        self._timeline.heading("", "Hoe vaak ging er iets af", *noise_table(reports))

    async def _stay(self, region: Region, until: asyncio.Event) -> None:
        self.staying = True
        self._hand.set_to(datetime.now(UTC))
        await self._crew.stop()
        self._timeline.heading("", *how_to_go_on(self._server, region))
        await until.wait()

    async def _stop(self) -> None:
        async with AsyncExitStack() as stack:  # the last one is done first, each for certain
            stack.callback(shutil.rmtree, self._folder)
            stack.push_async_callback(self._server.stop)
            stack.push_async_callback(self._bot.stop)
            phones = await self._crew.stop()
        self._timeline.heading(
            "", f"Gestopt: {phones} telefoons, de bot en de server. Gewist: alle gegevens en sleutels."
        )

    def _bot_died(self) -> None:
        self._hand.slow_down(True)
        self._tell(f"De bot is dood, precies bij {self._kill_at}. Hij wordt opnieuw gestart.")

    def _bot_is_back(self, away_s: float) -> None:
        self._hand.slow_down(False)
        seconds = f"{away_s:.1f}".replace(".", ",")
        self._tell(f"De bot is terug na {seconds} s en gaat verder waar hij was.")

    def _tell(self, text: str) -> None:
        wall = time.time_ns() // 1_000_000
        self._timeline.notice(self._hand.now(), wall, "de bewaker van de bot", text)
