"""The stage with a second messenger: a Telegram that runs here, and people's phones on it.

Nobody there acts by themselves either, so the stage is quiet when the bot has fetched every
update, answered every press and has nothing left to send.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.channels.telegram.limits import Limiter
from config.people import PersonEntry
from tests.kit.expect import nothing_unexpected
from tests.kit.gateway import Gateway, write_fallback
from tests.kit.synapse import Synapse
from tests.kit.telegram.clock import next_second
from tests.kit.telegram.region import BOT, join_telegram
from tests.kit.telegram.server import FakeTelegram
from tests.stories.handset import Handset
from tests.stories.player import Player
from tests.stories.stage import LOOK_EVERY_S, Stage, ahead_of, at_work

# What Telegram must never carry: kind, place, reason, agreement, outcome, the way to the meeting.
NEVER = ("mishandeling", "centrum", "noord", "letsel", "past niet bij", "sporen", "veiligstellen")
NEVER_EITHER = ("gezin bezoeken", "plan gemaakt", "meet.example", "0800-2005", ".ics", "huisverbod")
GROUP = "Regio Lage Dijk"
OWN_ALARM = ("Wat is er aan de hand?", "Waar?", "Wonen er kinderen?", "Er is nog niets verstuurd.")


@dataclass(frozen=True)
class Sms:
    """Whoever sells SMS, and the numbers of people."""

    gateway: Gateway
    numbers: Mapping[str, str]


class AtOnce(Limiter):
    """Nobody is silenced for haste on our Telegram, and a story cannot wait for seconds that are
    not on its clock. The limits have tests of their own."""

    async def enter(self, chat: str, *, urgent: bool, light: bool = False) -> int:
        return 0


class TwoMessengers(Stage):
    """A region with its bot on Matrix and on Telegram. Those in `only_telegram` have no Matrix;
    if `enrolled`, they and those in `both` come in before the story, and a group is on both."""

    limiter: Limiter | None = AtOnce()

    def __init__(
        self,
        synapse: Synapse,
        telegram: FakeTelegram,
        folder: Path,
        begins: datetime,
        only_telegram: Iterable[str] = (),
        both: Iterable[str] = (),
        *,
        enrolled: bool = False,
        sms: Sms | None = None,
    ) -> None:
        super().__init__(synapse, folder, begins)
        self.telegram = telegram
        self.handsets: dict[str, Handset] = {}
        self._only_telegram = tuple(only_telegram)
        self._come_in = (*self._only_telegram, *both) if enrolled else ()
        self._sms = sms
        self.settings = self.settings.model_copy(update={"telegram_api": telegram.url})

    def person(self, key: str) -> Player:
        return self.handsets[key] if key in self._only_telegram else self.phones[key]

    @property
    def cast(self) -> tuple[str, ...]:
        return (*self.phones, *(key for key in self.handsets if key in self._only_telegram))

    # preparing

    async def prepare(self) -> None:
        await super().prepare()
        folder, secrets = self.settings.config_dir, self.settings.secrets_dir
        join_telegram(folder, secrets, self.telegram.token, self._only_telegram)
        if self._sms is not None:
            numbers = {key: {"sms": number} for key, number in self._sms.numbers.items()}
            write_fallback(secrets, {"sms": self._sms.gateway.url()}, numbers)
        people = [self.handset(key) for key in self._come_in]
        if settings := self._group(people):
            with (folder / "region.toml").open("a") as region:
                region.write(f"{settings}\n")

    def _group(self, people: Sequence[Handset]) -> str:
        """The group on Telegram, as the region's configuration tells of it."""
        there = [phone for phone in people if phone.key in self._only_telegram]
        return f'group = "{self.telegram.group(GROUP, *there).id}"' if there else ""

    def handset(self, key: str) -> Handset:
        """This person's Telegram phone, on which nothing was started yet."""
        handset = Handset(self, self.telegram, key)
        self.telegram.people[handset.id] = handset
        self.handsets[key] = handset
        return handset

    async def arrive(self) -> None:
        """Also on Telegram: invited by their contact points, started, and every phone of those
        who came in proves that it can be paged."""
        await super().arrive()
        if not self._come_in:
            return
        entries = [self.running.configuration.people[key] for key in self._come_in]
        tested: list[Player] = []
        for entry in entries:
            await self._starts(entry)
            if "duty" in entry.roles:  # who is never paged needs no test
                both = (self.phones.get(entry.key), self.handsets[entry.key])
                tested += [phone for phone in both if phone is not None]
        for phone in tested:
            welcome = await phone.expects("Welkom, ", room=phone.own_chat, loud=False)
            await phone.chooses(welcome, "Ik ben klaar")
        await self.quiet()
        self.now += timedelta(minutes=1)
        self._write()
        for phone in tested:
            await phone.chooses(await phone.expects("🔵 TEST, geen", loud=True), "Gehoord")
        await self.quiet()

    async def _starts(self, entry: PersonEntry) -> None:
        point, phone = self[f"{entry.partner}_ap"], self.handsets[entry.key]
        await point.writes(f"uitnodigen {entry.label}")
        await phone.opens_link(await point.expects("https://t.me/", loud=False))

    def ends_prologue(self) -> None:
        super().ends_prologue()
        for phone in self.handsets.values():
            phone.ends_prologue()

    # quiet

    async def _bot_is_quiet(self, app: App) -> None:
        while self.telegram.updates.pending or not self._all_answered():
            await asyncio.sleep(LOOK_EVERY_S)
        await super()._bot_is_quiet(app)

    def _all_answered(self) -> bool:
        presses = [press for phone in self.handsets.values() for press in phone.presses]
        return all(press.answered.is_set() for press in presses)

    async def ends(self) -> None:
        await self.quiet()
        await nothing_unexpected([*self.phones.values(), *self.handsets.values()])
        self.telegram_learnt_nothing()
        presses = [press for phone in self.handsets.values() for press in phone.presses]
        assert [press for press in presses if press.answers != 1] == [], "each is answered once"

    # what Telegram heard

    def said_on_telegram(self) -> str:
        """Everything that the bot ever sent there, of whatever kind, in small letters."""
        return self.telegram.log.words().casefold()

    def telegram_learnt_nothing(self, *heard: str) -> None:
        """Of all that the bot ever asked that server to do, and what it was asked to show. The
        melder's own alarm before it is sent is the one exception."""
        calls = [call for call in self.telegram.log if not _is_unsent_alarm(call.parameters)]
        said = "\n".join(f"{call.method} {call.parameters}" for call in calls).casefold()
        assert [words for words in heard if words not in self.said_on_telegram()] == []
        told = [word for word in (*NEVER, *NEVER_EITHER) if word in said]
        assert not told, f"Telegram has heard of {told}"


def _is_unsent_alarm(asked: Mapping[str, object]) -> bool:
    return any(question in str(asked.get("text", "")) for question in OWN_ALARM)


@asynccontextmanager
async def two_messengers(
    synapse: Synapse,
    folder: Path,
    begins: datetime,
    phones: Iterable[str],
    only_telegram: Iterable[str],
    both: Iterable[str] = (),
    *,
    enrolled: bool = False,
    sms: Sms | None = None,
) -> AsyncIterator[TwoMessengers]:
    """As `a_stage`. What passes on Telegram fits the description of the Bot API, or leaving fails.
    Nobody is on Telegram yet, unless `enrolled`: that needs their contact points on Matrix."""
    async with FakeTelegram(next_second) as telegram:
        telegram.bot["username"] = BOT
        ahead = ahead_of(begins) - timedelta(minutes=1 if enrolled else 0)
        stage = TwoMessengers(
            synapse, telegram, folder, ahead, only_telegram, both, enrolled=enrolled, sms=sms
        )
        async with at_work(stage, begins, phones):
            yield stage
