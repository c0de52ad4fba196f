"""What a person does, and upon what. A script is a row of steps, taken one after the other."""

from dataclasses import dataclass

from tests.demo.report import Place


@dataclass(frozen=True)
class Reads:
    """Looks at the message; the phone tells the server so."""


@dataclass(frozen=True)
class Taps:
    """Presses the button with this label."""

    label: str


@dataclass(frozen=True)
class Says:
    """Types this."""

    text: str


@dataclass(frozen=True)
class Opens:
    """Opens the file."""


@dataclass(frozen=True)
class Starts:
    """Opens the link that somebody gave them, and presses Start (Telegram)."""


Act = Reads | Taps | Says | Opens | Starts


@dataclass(frozen=True)
class Step:
    """Not before `at` (the clock on the wall, "15:44"), and only once a message of the bot
    that shows `upon` stands in `place`; without `upon`, once there is such a room at all."""

    at: str
    act: Act
    upon: str = ""
    place: Place = "direct"
