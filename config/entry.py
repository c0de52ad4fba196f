"""What every table of the configuration folder has in common."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

Language = Literal["nl", "en"]

EXAMPLES: dict[str, str] = {}
"""By pattern: what a text of that form looks like, for whoever has to mend one."""


def form(pattern: str, example: str) -> StringConstraints:
    """A text of a certain form, with the example that its problem shows."""
    EXAMPLES[pattern] = example
    return StringConstraints(strip_whitespace=True, pattern=pattern)


# A key travels into the database, the log and file names, so it is short and plain.
Key = Annotated[str, form(r"^[a-z0-9][a-z0-9_-]{0,39}$", "lage-dijk")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Entry(BaseModel):
    """A table in a TOML file: a key that nobody knows is a mistake, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True)


class Words(Entry):
    """The same words in both languages, written as they stand in the middle of a sentence."""

    nl: Line
    en: Line

    def of(self, language: Language) -> str:
        """As in the middle of a sentence: "politie"."""
        return self.nl if language == "nl" else self.en

    def heading(self, language: Language) -> str:
        """As at the start of a line: "Politie"."""
        words = self.of(language)
        return words[:1].upper() + words[1:]


def minute_of_day(text: str) -> int:
    """Minutes since midnight, wall clock Europe/Amsterdam. "24:00" is 1440.

    Raises `ValueError` for anything that no wall clock shows.
    """
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isascii() and minutes.isascii()):
        raise ValueError(text)
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and len(hours) <= 2):
        raise ValueError(text)
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError(text)
    return total


def _wall_time(text: str) -> str:
    try:
        minute_of_day(text)
    except ValueError:
        raise PydanticCustomError("wall_time", "not a time: {given}", {"given": text}) from None
    return text.strip()


WallTime = Annotated[str, AfterValidator(_wall_time)]
"""Hours and minutes as on the clock on the wall in Amsterdam: "08:30", "24:00"."""
