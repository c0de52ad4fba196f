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
from tests.picture.run import BACKUP, FRIDAY, MELDER, OFFICER, played
from tests.picture.screen import Chapter, Scene, sheet

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "picture" / "conversation.png"
LARGEST = 400_000  # bytes
BOT = "Kortelijn"


def chapters(films: dict[str, Film]) -> list[Chapter]:
    """What is worth seeing of the day."""

    def direct(key: str, clock: str) -> Scene:
        film = films[key]
        return _scene(film, key, clock, film.phone.direct_room, BOT, "telefoon")

    def case(key: str, clock: str) -> Scene:
        film = films[key]
        ((reference, room),) = film.phone.case_rooms.items()
        return _scene(film, key, clock, room, reference, "casusruimte op de telefoon")

    return [
        Chapter(
            "Veilig Thuis slaat alarm",
            "drie tikken en één zin, in één bericht",
            [direct(MELDER, "15:50")],
        ),
        Chapter(
            "Wie dienst heeft, pakt op",
            "geen reactie? Dan vanzelf de achterwacht",
            [direct(OFFICER, "15:50"), direct(BACKUP, "16:00")],
        ),
        Chapter(
            "Samen in de casusruimte",
            "één stand, het overleg, de afspraken",
            [case(MELDER, "16:42")],
        ),
    ]


def _scene(film: Film, key: str, clock: str, room: str, title: str, where: str) -> Scene:
    frames = chosen(until(film.frames, _at(clock)), film.gone, room)
    return Scene(title, f"{where} van {CAST[key].name}", frames)


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
    picture = png(sheet(chapters(asyncio.run(played()))))
    if len(picture) > LARGEST:
        print(f"No picture: {len(picture)} bytes, {LARGEST} is the most.")
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(picture)
    print(f"{TARGET.relative_to(ROOT)}: {len(picture) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
