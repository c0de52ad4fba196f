"""A command is declared once: its words, where it works, who may, and its line of help.

Parsing, help, buttons and the permission check all follow from the declaration.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from commands.ask import Ask, Where
from commands.subjects import Subject

Right = Literal[
    "anyone",  # everybody that the bot knows
    "melder",  # may raise alarms
    "called",  # was called in this case
    "member",  # of this case
    "initiator",  # raised this alarm
    "lead",  # case lead or initiator
    "coordinator",
    "contact_point",
    "rostered",  # stands on a roster, or keeps one
]
Handler = Callable[[Ask], Awaitable[None]]


@dataclass(frozen=True)
class Command:
    """One thing that can be asked of the bot."""

    name: str
    handler: Handler
    right: Right
    nl: tuple[str, ...]  # typed words, the first is the one in the help; empty: buttons only
    en: tuple[str, ...]
    where: frozenset[Where]
    about: Subject
    takes_words: bool
    closed_too: bool

    @property
    def words(self) -> tuple[str, ...]:
        """All typed words that mean this command, Dutch first."""
        return self.nl + self.en

    @property
    def help_key(self) -> str:
        """The key of its line in the help."""
        return f"help.{self.name}"


COMMANDS: dict[str, Command] = {}


def command(
    name: str,
    *,
    right: Right,
    nl: tuple[str, ...] = (),
    en: tuple[str, ...] = (),
    where: tuple[Where, ...] = ("direct", "case"),
    about: Subject = "case",
    takes_words: bool = False,
    closed_too: bool = False,
) -> Callable[[Handler], Handler]:
    """Declare the decorated function as a command.

    `takes_words`: valid arguments may follow the typed word. `closed_too`: it may be about a
    case that is no longer open.
    """

    def declared(handler: Handler) -> Handler:
        if name in COMMANDS:
            raise ValueError(f"the command {name} is declared twice")
        COMMANDS[name] = Command(
            name, handler, right, nl, en, frozenset(where), about, takes_words, closed_too
        )
        return handler

    return declared


def typed_commands() -> tuple[Command, ...]:
    """Commands that can be typed."""
    return tuple(command for command in COMMANDS.values() if command.words)
