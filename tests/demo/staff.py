"""One person with one Matrix phone in one process: `python -m tests.demo.staff KEY`.

The first line of standard input tells where the server is; its end tells to stop. Everything
that the phone received and its owner did goes out as one line of JSON.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.clock import StoryClock
from config.log import set_up_log
from tests.demo.acts import Opens, Reads, Says, Step, Taps
from tests.demo.day import SCRIPTS
from tests.demo.player import LOOK_MS, Player
from tests.demo.report import Messenger, Place, What
from tests.kit.phone import Phone
from tests.kit.seen import Happening, Seen

GROUP = "Regio Lage Dijk"


class OnMatrix(Player[Seen]):
    """What counts is what the own phone synced and decrypted."""

    messenger: Messenger = "matrix"

    def __init__(self, key: str, phone: Phone, clock: StoryClock) -> None:
        super().__init__(key, clock)
        self.phone = phone
        phone.screen.listeners.append(self._noticed)

    async def live(self) -> None:
        """Come in, then follow the script to its end."""
        await self.phone.sign_in()
        self.phone.follow()
        await self.until(lambda: self.is_in("direct") and self.is_in("group"))
        await self.until(lambda: self.shown("Welkom", "direct"))
        self.report("ready")
        await self.follow(SCRIPTS[self.key])

    async def do(self, step: Step, seen: Seen | None) -> None:
        match step.act:
            case Says(text):
                self.report("typed", text, step.place)
                await self.phone.says(self._rooms(step.place)[-1], text)
            case Reads() if seen:
                await self.phone.reads(seen)
                self.report("read", seen.text, step.place)
            case Opens() if seen:
                content = (await self.phone.opens(seen)).decode()
                self.report("opened", content, step.place, event=seen.event_id)
            case Taps(label):
                tapped, sign = await self._button(step.upon, step.place, label)
                self.report("tapped", f"{sign} {label}", step.place)
                await self.phone.taps(tapped, sign)

    async def _button(self, upon: str, place: Place, label: str) -> tuple[Seen, str]:
        """The message and the emoji that stands for `label`, once the bot has put it there and
        has cleared away what this person tapped there before."""

        def look() -> tuple[Seen, str] | None:
            seen = self.shown(upon, place)
            if seen is None:
                return None
            for sign in seen.emoji(self.phone.bot):
                mine = sign in seen.emoji(self.phone.user_id)
                if f"{sign} {label}".lower() in seen.text.lower() and not mine:
                    return seen, sign
            return None

        return await self.until(look)

    async def news(self) -> None:
        await self.phone.news(LOOK_MS / 1000)

    def shown(self, text: str, place: Place) -> Seen | None:
        for seen in reversed(self.phone.messages):
            standing = seen.sender == self.phone.bot and not seen.redacted
            if standing and text in seen.text and self._place(seen.room) == place:
                return seen
        return None

    def is_in(self, place: Place) -> bool:
        return bool(self._rooms(place))

    def _rooms(self, place: Place) -> list[str]:
        return [room for room in self.phone.rooms if self._place(room) == place]

    def _place(self, room: str) -> Place:
        if room in self.phone.direct_rooms:
            return "direct"
        return "group" if self.phone.rooms.get(room) == GROUP else "case"

    def _noticed(self, happening: Happening) -> None:
        place = self._place(happening.room)
        seen = happening.message
        if happening.what == "joined" and happening.who == self.phone.user_id:
            if place == "case" and self.phone.rooms.get(happening.room):
                self.report("entered", place=place, event=happening.room)
        elif seen is not None and seen.sender == self.phone.bot:
            match happening.what:
                case "message":
                    self._received("message", seen, place)
                case "edit":
                    self._received("edit", seen, place)

    def _received(self, what: What, seen: Seen, place: Place) -> None:
        self.report(
            what,
            seen.text,
            place,
            event=seen.event_id,
            loud=seen.loud and what == "message",
            unreadable=seen.undecryptable,
        )


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
    person = OnMatrix(key, phone, clock)
    living = asyncio.create_task(person.live())
    stop = asyncio.create_task(orders.read())
    try:
        await asyncio.wait({living, stop}, return_when=asyncio.FIRST_COMPLETED)
        if living.done() and (failure := living.exception()) is not None:
            person.fails(failure)
        await stop
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await phone.close()


if __name__ == "__main__":
    set_up_log("error")
    assert sys.argv[1] in SCRIPTS
    asyncio.run(play(sys.argv[1]))
