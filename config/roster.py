"""Who is on duty when. File roster.toml: wall clock Europe/Amsterdam, also when the clock moves."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from config.entry import Entry, Key, Line, WallTime, minute_of_day

_DAY_WORDS: dict[str, tuple[int, ...]] = {
    "ma": (0,), "di": (1,), "wo": (2,), "do": (3,), "vr": (4,), "za": (5,), "zo": (6,),
    "mon": (0,), "tue": (1,), "wed": (2,), "thu": (3,), "fri": (4,), "sat": (5,), "sun": (6,),
    "werkdagen": (0, 1, 2, 3, 4), "workdays": (0, 1, 2, 3, 4), "weekdays": (0, 1, 2, 3, 4),
    "weekend": (5, 6), "feestdagen": (7,), "holidays": (7,),
    "elke dag": (0, 1, 2, 3, 4, 5, 6), "every day": (0, 1, 2, 3, 4, 5, 6),
}  # fmt: skip


def _weekdays(given: object) -> object:
    words = [given] if isinstance(given, str) else given
    if not isinstance(words, list | tuple):
        return given
    if words and all(isinstance(word, int) for word in words):
        return words
    days: set[int] = set()
    for word in words:
        known = _DAY_WORDS.get(word.strip().lower()) if isinstance(word, str) else None
        if known is None:
            raise PydanticCustomError("day_word", "not a day: {given}", {"given": str(word)})
        days.update(known)
    return tuple(sorted(days))


def _before_midnight(text: str) -> str:
    if minute_of_day(text) == 24 * 60:
        raise PydanticCustomError("wall_time", "not a start: {given}", {"given": text})
    return text


class DutyEntry(Entry):
    """A duty that comes back every week.

    `days` counts from Monday = 0, the day on which the duty begins. A public holiday counts as
    weekend: it is a Sunday for the roster, so a duty on working days does not exist then.
    A duty that ends at or before its own start ends on the next day.
    """

    partner: Key
    function: Key
    place: Line | None = None  # this district only
    days: Annotated[tuple[int, ...], BeforeValidator(_weekdays)] = Field(min_length=1)
    begins: Annotated[WallTime, AfterValidator(_before_midnight)] = Field(alias="from")
    ends: WallTime = Field(alias="to")
    primary: Key | None = None
    backup: Key | None = None
    # Instead of these: pairs that take turns, each a day or a week long from `first_turn` on.
    turns: tuple[tuple[Key | None, ...], ...] = ()
    turn: Literal["day", "week"] = "week"
    first_turn: date | None = None
    temporary: bool = False  # wins over what is not
    valid_from: date | None = None
    valid_until: date | None = None  # the last day on which it begins

    @model_validator(mode="after")
    def _holds_together(self) -> "DutyEntry":
        for pair in self.pairs:
            if pair[0] and pair[0] == pair[1]:
                raise PydanticCustomError("same_backup", "twice {given}", {"given": pair[0]})
        if self.turns and (self.primary or self.backup):
            raise PydanticCustomError("turns_and_pair", "{given}", {"given": "turns"})
        if len(self.turns) > 1 and self.first_turn is None:
            raise PydanticCustomError("no_first_turn", "{given}", {"given": "turns"})
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise PydanticCustomError(
                "dates_reversed", "{given}", {"given": self.valid_until.isoformat()}
            )
        return self

    @property
    def pairs(self) -> tuple[tuple[str | None, str | None], ...]:
        """Who stand together, primary and backup; one pair if nobody takes turns."""
        if not self.turns:
            return ((self.primary, self.backup),)
        padded = ((*turn, None, None) for turn in self.turns)
        return tuple((each[0], each[1]) for each in padded)
