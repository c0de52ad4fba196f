"""What somebody's phone received or what they did with it: one line of JSON each."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

What = Literal[
    "ready",  # signed in, in the direct chat and in the group room
    "message",  # a new message of the bot
    "edit",  # a message of the bot changed
    "typed",  # this person wrote `text`
    "tapped",  # this person pressed the button `text`
    "read",  # this person looked at the message `text`: a read receipt went out
    "opened",  # this person opened a file; `text` says what was in it
    "started",  # this person opened the link that they were given, and pressed Start
    "entered",  # this person came into the case room
    "done",  # this person's script has ended
    "fault",  # the phone cannot go on; `text` says why
    "sent",  # not a person: everything that the bot ever asked of Telegram's server, as a text
]
Place = Literal["direct", "case", "group"]
Messenger = Literal["matrix", "telegram"]


@dataclass(frozen=True)
class Report:
    """`story` is the clock of the day, `wall` the clock of this machine, both in milliseconds
    UTC since the epoch. `buttons`: those under a message on Telegram, as they stand there; on
    Matrix the text tells them."""

    who: str  # a key of `day.CAST`
    what: What
    story: int
    wall: int
    place: Place = "direct"
    text: str = ""
    event: str = ""
    loud: bool = False
    unreadable: bool = False
    messenger: Messenger = "matrix"
    buttons: str = ""

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def report_from(line: str) -> Report:
    """Raises `ValueError` if the line is no report."""
    try:
        return Report(**json.loads(line))
    except TypeError as error:
        raise ValueError(f"not a report: {line!r}") from error
