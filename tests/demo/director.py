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
from tests.demo.day import BEATS, BEGINS, INVITED, PROLOGUE, QUIET, SCRIPTS, Beat, Need
from tests.demo.hand import Hand
from tests.demo.heard import Heard, Stalled
from tests.demo.kept_back import kept_back
from tests.demo.region import Region, last_friday, set_up
from tests.demo.report import Report
from tests.demo.stay import how_to_go_on
from tests.demo.telegram_process import TelegramProcess
from tests.demo.timeline import Timeline
from tests.kit.synapse import Synapse, SynapseFailed

INTRODUCTION = (
    "Kortelijn · een vrijdag in de verzonnen Regio Lage Dijk",
    "Vier partners: Veilig Thuis (VT), Openbaar Ministerie (OM), politie, en de Raad voor de",
    "Kinderbescherming (RvdK). De politie werkt op Telegram, de anderen op Matrix; de RvdK-dienst",
    "heeft beide. Het blijft één casus. Op Matrix is elke telefoon een eigen programma met een",
    "echte app. Telegram is nagespeeld: een server op deze machine die de Bot API spreekt.",
    "Hieronder staat alleen wat telefoons zelf ontvingen: links op Matrix, rechts op Telegram.",
    "🔔 gaat af   🔕 komt stil binnen   ✏️ een bericht verandert   👆 tikt   💬 typt   👀 ziet",
    "",
    "Twee servers, de bot en de telefoons starten …",
)
PARTNERS_TITLE = (
    "De dag per partner",
    "(echt: van de tik op Verstuur tot de eerste oproep, in echte milliseconden; T: op Telegram)",
)
NOISE_TITLE = (
    "Hoe vaak de telefoons afgingen",
    "(gewoon: een dag waarop iedereen meteen oppakt; wie na 5 minuten nog wacht, hoort ⏰ erbij)",
)


class Director:
    """One run of the demo. Use `run`, which never leaves anything behind."""

    def __init__(self, timeline: Timeline, *, bind: str, kill_at: str | None) -> None:
        self._timeline = timeline
        self._kill_at = kill_at
        self._folder = Path(tempfile.mkdtemp(prefix="kortelijn-demo-"))
        self._server = Synapse(self._folder / "synapse", bind=bind)
        self._heard = Heard()
        self._crew = Crew(self._folder, self._heard)
        self._telegram = TelegramProcess(self._folder, self._heard)
        self._hand = Hand(self._folder / "clock", last_friday(datetime.now(UTC)))
        self._bot = BotProcess(self._folder / "kortelijn", self._folder / "clock", self._folder)
        self._loading: asyncio.Task[None] | None = None
        self._before = 0  # reports that came before the alarm
        self.staying = False  # the day is over, and everything was left up
        self._bot.on_death = self._bot_died
        self._bot.on_return = self._bot_is_back
        self._bot.on_failure = self._heard.give_up

    async def run(self, *, stay: asyncio.Event | None = None) -> int:
        """The exit code. With `stay` everything is left up after the day until it is set."""
        try:
            region = await self._prepare()
            await self._play()
            await self._close()
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
        self._timeline.heading(*INTRODUCTION)
        await self._telegram.launch(self._folder / "clock")
        self._loading = asyncio.create_task(self._crew.start())
        try:
            await self._server.start()
        except OSError as refusal:
            raise Stalled(f"Op {self._server.bind} kan geen server luisteren.") from refusal
        await self._telegram.ready()
        region = await set_up(self._folder, self._server, self._telegram.token)
        await self._loading
        self._crew.sign_in(
            self._server.base_url, region.users, region.password, self._folder / "clock"
        )
        self._bot.telegram_api = self._telegram.url
        await self._bot.start()
        await self._heard.until(tuple(Need(key, "", ("ready",)) for key in SCRIPTS))
        self._heard.listeners.append(self._hand_over)
        self._hand.set_to(QUIET.at)
        await self._heard.until(QUIET.needs)
        took = f"{time.monotonic() - began:.1f}".replace(".", ",")
        self._timeline.heading(
            f"Klaar na {took} s. De bot en alle telefoons staan aan. Het is vrijdagmiddag.",
            "",
        )
        return region

    async def _play(self) -> None:
        self._heard.listeners.append(self._timeline.take)
        self._timeline.begin(time.time_ns() // 1_000_000)
        self._hand.set_to(PROLOGUE[0].at)
        await self._beats(PROLOGUE)
        if self._kill_at is not None:
            await self._bot.restart(self._kill_at)
        self._before = len(self._heard.reports)
        self._hand.set_to(BEGINS)
        await self._beats(BEATS)
        if unreadable := self._heard.unreadable():
            raise Stalled(f"Een bericht bleef onleesbaar voor: {', '.join(unreadable)}.")
        if self._kill_at is not None and not self._bot.deaths:
            raise Stalled(f"De bot kwam nooit zo vaak langs {self._kill_at}.")

    async def _beats(self, beats: tuple[Beat, ...]) -> None:
        for beat in beats:
            if beat.chapter:
                self._timeline.chapter(beat.chapter)
            await self._hand.hurry_to(beat.at)
            await self._heard.until(beat.needs)

    def _hand_over(self, report: Report) -> None:
        """A contact point got a link for a colleague, and gives it to them."""
        if report.who in INVITED and report.what == "edit" and "https://t.me/" in report.text:
            self._telegram.hand_over(INVITED[report.who], report.text)

    async def _close(self) -> None:
        reports = self._heard.reports[self._before :]
        self._timeline.heading("", *PARTNERS_TITLE, *partner_table(reports))
        self._timeline.heading("", *NOISE_TITLE, *noise_table(reports))
        self._timeline.heading("", *kept_back(await self._telegram.sent(), reports))

    async def _stay(self, region: Region, until: asyncio.Event) -> None:
        self.staying = True
        self._hand.set_to_the_wall()
        await self._crew.stop()
        self._timeline.heading("", *how_to_go_on(self._server, self._telegram.url, region))
        await until.wait()

    async def _stop(self) -> None:
        async with AsyncExitStack() as stack:  # the last one is done first, each for certain
            stack.callback(shutil.rmtree, self._folder)
            stack.push_async_callback(self._server.stop)
            stack.push_async_callback(self._telegram.stop)
            stack.push_async_callback(self._bot.stop)
            stack.push_async_callback(self._crew.stop)
            if self._loading is not None:
                await asyncio.wait({self._loading})
        self._timeline.heading(
            "",
            "Gestopt: telefoons, bot en servers.",
            "Gewist: hun map met alle gegevens en sleutels.",
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
