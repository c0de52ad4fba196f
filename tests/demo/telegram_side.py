"""Telegram and everybody's phone on it, in one process: `python -m tests.demo.telegram_side`.

The first line of standard input tells where the clock is; the first line of standard output,
where the server is. Then `{"who": …, "link": …}` hands somebody a link, `{"sent": true}` asks what
the bot ever asked of the server, and the end tells to stop.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.clock import StoryClock
from tests.demo.acts import Says, Starts, Step, Taps
from tests.demo.day import ON_TELEGRAM
from tests.demo.player import LOOK_MS, Player
from tests.demo.report import Messenger, Place
from tests.kit.seen import Happening
from tests.kit.telegram.clock import next_second
from tests.kit.telegram.person import Person
from tests.kit.telegram.region import BOT, payload_in
from tests.kit.telegram.screen import TelegramSeen
from tests.kit.telegram.server import FakeTelegram

TIED = "\u00a0"


class OnTelegram(Player[TelegramSeen]):
    """There is one place on this phone: the talk with the bot."""

    messenger: Messenger = "telegram"

    def __init__(self, key: str, phone: Person, clock: StoryClock) -> None:
        super().__init__(key, clock)
        self.phone = phone
        self.given: asyncio.Future[str] = asyncio.get_running_loop().create_future()  # the link
        phone.screen.listeners.append(self._noticed)

    async def live(self) -> None:
        """Follow the script; a fault is told."""
        try:
            await self.follow(ON_TELEGRAM[self.key])
        except Exception as fault:  # noqa: BLE001 - goes to who can show it
            self.fails(fault)

    async def do(self, step: Step, seen: TelegramSeen | None) -> None:
        match step.act:
            case Starts():
                payload = payload_in(await self.given)
                self.report("started")
                await self.phone.starts(payload)
            case Says(text):
                self.report("typed", text)
                await self.phone.writes(text)
            case Taps(label):
                tapped = await self.until(lambda: self._with_button(step.upon, label))
                self.report("tapped", f"[{label}]")
                await self.phone.taps(tapped, label)
            case _:
                raise ValueError(f"nobody can do that on Telegram: {step.act}")

    def _with_button(self, upon: str, label: str) -> TelegramSeen | None:
        seen = self.shown(upon, "direct")
        return seen if seen is not None and label in seen.buttons else None

    async def news(self) -> None:
        await self.phone.news(LOOK_MS / 1000)

    def is_in(self, place: Place) -> bool:
        return place == "direct"

    def shown(self, text: str, place: Place) -> TelegramSeen | None:
        for seen in reversed(self.phone.messages):
            if seen.sender == self.phone.bot and not seen.redacted and text in seen.text:
                return seen
        return None

    def _noticed(self, happening: Happening) -> None:
        seen = happening.message
        if not isinstance(seen, TelegramSeen) or seen.sender != self.phone.bot:
            return
        if happening.what == "message" or happening.what == "edit":
            self.report(
                happening.what,
                seen.text,
                event=seen.event_id,
                loud=seen.loud and happening.what == "message",
                buttons=" ".join(f"[{label}]".replace(" ", TIED) for label in seen.buttons),
            )


async def play() -> None:
    """Live until standard input ends."""
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    clock = StoryClock(Path(json.loads(await orders.readline())["clock"]))
    # Tests hold the bot against the description of the Bot API; loading that takes 6 s.
    async with FakeTelegram(next_second, judged=False) as telegram:
        telegram.bot["username"] = BOT
        people = {key: OnTelegram(key, telegram.person(key), clock) for key in ON_TELEGRAM}
        print(json.dumps({"url": telegram.url, "token": telegram.token}), flush=True)
        living = [asyncio.create_task(person.live()) for person in people.values()]
        try:
            while line := await orders.readline():
                order = json.loads(line)
                if "link" in order:
                    people[order["who"]].given.set_result(order["link"])
                else:
                    next(iter(people.values())).report("sent", telegram.log.words())
        finally:
            for each in living:
                each.cancel()
            await asyncio.gather(*living, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(play())
