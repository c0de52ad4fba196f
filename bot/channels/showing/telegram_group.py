"""A group of texts that Telegram may show for one reason, and the blanks that they may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.channels.showing.blanks import Check

# What a listed text may ask for. By these names nothing of a case can be told but what the
# list allows; a text that gets another blank is no longer shown, and a test says so.
BLANKS = frozenset(
    (
        *("ref", "urgency", "n"),
        *("time", "deadline", "limit", "when", "since", "until", "date", "duty", "now"),
        *("first", "second", "suggestion", "slots", "rest", "late"),
        *("partner", "partners", "waiting", "lead", "next", "role", "backup"),
        *("state", "ready", "missing", "which"),
        *("taken", "total", "count", "done", "open", "number", "highest", "example", "word"),
        *("finding", "week", "previous", "days", "minutes", "few", "seconds"),
        *("app", "help", "steps", "way", "step", "shift"),
    )
)


@dataclass(frozen=True)
class Group:
    """Texts that may be shown for one and the same reason.

    also: what else may stand in a blank, which for other texts would be too much.
    """

    why: str
    keys: tuple[str, ...]
    also: Mapping[str, Check] = field(default_factory=dict)
