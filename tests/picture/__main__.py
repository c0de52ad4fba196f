"""`make picture`: play the day, and draw what three screens showed of it."""

import asyncio
import sys
from pathlib import Path

from config.log import set_up_log
from tests.demo.day import CAST
from tests.picture.film import Film
from tests.picture.ink import png
from tests.picture.letters import missing
from tests.picture.reel import chosen, until
from tests.picture.run import FRIDAY, MELDER, OFFICER, played
from tests.picture.screen import Scene, sheet

TARGET = Path(__file__).parents[2] / "docs" / "picture" / "conversation.png"
LARGEST = 400_000  # bytes
BOT = "Kortelijn"


def scenes(films: dict[str, Film]) -> list[Scene]:
    """What is worth seeing of the day."""
    melder, officer = films[MELDER], films[OFFICER]
    return [
        _direct(
            melder, MELDER, "15:50", "Veilig Thuis slaat alarm", "drie tikken en één zin, in één bericht"
        ),
        _direct(
            officer, OFFICER, "16:20", "De officier pakt op", "één tik; daarna één tik voor het overleg"
        ),
        _case(melder, MELDER, "16:42", "Samen in de casusruimte", "versleuteld; wist zichzelf na afloop"),
    ]


def _direct(film: Film, key: str, clock: str, caption: str, remark: str) -> Scene:
    frames = chosen(until(film.frames, _at(clock)), film.gone, film.phone.direct_room)
    return Scene(caption, remark, BOT, f"telefoon van {CAST[key].name}", frames)


def _case(film: Film, key: str, clock: str, caption: str, remark: str) -> Scene:
    ((reference, room),) = film.phone.case_rooms.items()
    frames = chosen(until(film.frames, _at(clock)), film.gone, room)
    return Scene(caption, remark, reference, f"telefoon van {CAST[key].name}", frames)


def _at(clock: str) -> int:
    """The last millisecond of that minute on the day."""
    hour, minute = (int(part) for part in clock.split(":"))
    return int(FRIDAY.replace(hour=hour, minute=minute, second=59).timestamp() * 1000) + 999


def main() -> int:
    """The exit code."""
    if why := missing():
        print(f"No picture: {why}.")
        return 1
    set_up_log("error")
    picture = png(sheet(scenes(asyncio.run(played()))))
    if len(picture) > LARGEST:
        print(f"No picture: {len(picture)} bytes, {LARGEST} is the most.")
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(picture)
    print(f"{TARGET.relative_to(Path.cwd())}: {len(picture) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
