"""One person with one phone in one process: `python -m tests.demo.staff KEY`.

The first line of standard input tells where the server is; its end tells to stop. Everything
that the phone received and its owner did goes out as one line of JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.clock import StoryClock
from commands.rules.moments import AMSTERDAM
from config.log import set_up_log
from tests.demo.acts import Act, Opens, Reads, Says, Step, Taps
from tests.demo.day import CAST, SCRIPTS
from tests.demo.report import Place, Report, What
from tests.kit.phone import Phone
from tests.kit.seen import Happening, Seen

T = TypeVar("T")
GROUP = "Regio Lage Dijk"
LOOK_MS = 1_000


class Person:
    """Sees only what the own phone synced and decrypted, and acts upon that."""

    def __init__(self, key: str, phone: Phone, clock: StoryClock) -> None:
        self.key = key
        self.phone = phone
        self.clock = clock
        phone.screen.listeners.append(self._noticed)

    async def live(self) -> None:
        """Come in, then follow the script to its end."""
        await self.phone.sign_in()
        self.phone.follow()
        await self._until(lambda: self._room("direct") and self._room("group"))
        await self._until(lambda: self._shown("Welkom", "direct"))
        self._report("ready")
        for step in SCRIPTS[self.key]:
            await self._take(step)
        self._report("done")

    def fails(self, why: str) -> None:
        """Tell that this phone cannot go on."""
        self._report("fault", why)

    async def _take(self, step: Step) -> None:
        hour, minute = (int(part) for part in step.at.split(":"))
        await self._until(lambda: self._room(step.place))
        if step.upon:
            await self._until(lambda: self._shown(step.upon, step.place))
        today = datetime.fromtimestamp(self.clock.now() / 1000, AMSTERDAM)
        due = int(today.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp())
        while self.clock.now() < due * 1000:
            await self.clock.wait(due * 1000, LOOK_MS, asyncio.Event())
        room = self._room(step.place)
        assert room is not None
        await self._do(step.act, room, self._shown(step.upon, step.place), step)

    async def _do(self, act: Act, room: str, seen: Seen | None, step: Step) -> None:
        match act:
            case Says(text):
                self._report("typed", text, step.place)
                await self.phone.says(room, text)
            case Reads() if seen:
                await self.phone.reads(seen)
                self._report("read", seen.text, step.place)
            case Opens() if seen:
                content = (await self.phone.opens(seen)).decode()
                self._report("opened", content, step.place, event=seen.event_id)
            case Taps(label):
                tapped, sign = await self._button(step.upon, step.place, label)
                self._report("tapped", f"{sign} {label}", step.place)
                await self.phone.taps(tapped, sign)

    async def _button(self, upon: str, place: Place, label: str) -> tuple[Seen, str]:
        """The message and the emoji that stands for `label`, once the bot has put it there and
        has cleared away what this person tapped there before."""

        def look() -> tuple[Seen, str] | None:
            seen = self._shown(upon, place)
            if seen is None:
                return None
            for sign in seen.emoji(self.phone.bot):
                mine = sign in seen.emoji(self.phone.user_id)
                if f"{sign} {label}".lower() in seen.text.lower() and not mine:
                    return seen, sign
            return None

        return await self._until(look)

    async def _until(self, look: Callable[[], T | None]) -> T:
        while not (found := look()):
            await self.phone.news(LOOK_MS / 1000)
        return found

    def _shown(self, text: str, place: Place) -> Seen | None:
        """The newest message of the bot that shows this text now."""
        for seen in reversed(self.phone.messages):
            standing = seen.sender == self.phone.bot and not seen.redacted
            if standing and text in seen.text and self._place(seen.room) == place:
                return seen
        return None

    def _room(self, place: Place) -> str | None:
        rooms = [room for room in self.phone.rooms if self._place(room) == place]
        return rooms[-1] if rooms else None

    def _place(self, room: str) -> Place:
        if room in self.phone.direct_rooms:
            return "direct"
        return "group" if self.phone.rooms.get(room) == GROUP else "case"

    def _noticed(self, happening: Happening) -> None:
        place = self._place(happening.room)
        seen = happening.message
        if happening.what == "joined" and happening.who == self.phone.user_id:
            if place == "case" and self.phone.rooms.get(happening.room):
                self._report("entered", place=place, event=happening.room)
        elif seen is not None and seen.sender == self.phone.bot:
            match happening.what:
                case "message":
                    self._received("message", seen, place)
                case "edit":
                    self._received("edit", seen, place)

    def _received(self, what: What, seen: Seen, place: Place) -> None:
        self._report(
            what,
            seen.text,
            place,
            event=seen.event_id,
            loud=seen.loud and what == "message",
            unreadable=seen.undecryptable,
        )

    def _report(
        self,
        what: What,
        text: str = "",
        place: Place = "direct",
        *,
        event: str = "",
        loud: bool = False,
        unreadable: bool = False,
    ) -> None:
        now, wall = self.clock.now(), time.time_ns() // 1_000_000
        report = Report(self.key, what, now, wall, place, text, event, loud, unreadable)
        print(report.line(), flush=True)


async def play(key: str) -> None:
    """Live until standard input ends."""
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    first = await orders.readline()
    if not first:
        return
    given = json.loads(first)
    clock = StoryClock(Path(given["clock"]))
    phone = Phone(given["server"], given["user"], given["password"], bot=given["bot"])
    person = Person(key, phone, clock)
    living = asyncio.create_task(person.live())
    stop = asyncio.create_task(orders.read())
    try:
        await asyncio.wait({living, stop}, return_when=asyncio.FIRST_COMPLETED)
        if living.done() and (failure := living.exception()) is not None:
            person.fails(f"{type(failure).__name__}: {failure}")
        await stop
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await phone.close()


if __name__ == "__main__":
    set_up_log("error")
    assert sys.argv[1] in CAST
    asyncio.run(play(sys.argv[1]))
