"""What somebody says with a roster file: about whom it is, and how far they may go."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """`partner`, `function` and `place` count where the file does not say. `only`: the one
    organisation that the file may be about; None: all of them."""

    partner: str | None = None
    function: str | None = None
    place: str | None = None
    only: str | None = None
    hint: str = ""  # words that may name the function, such as those of the file's name
    most_days: int = 12_000_000  # to look at for all that repeats in a calendar: some 10 s
    now: int = 0  # UTC epoch milliseconds: calendars are read from here on
