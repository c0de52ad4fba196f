"""A protocol: who is paged for a kind of alarm, and which clocks run. Files protocols/*.toml.

A protocol is data. A case keeps the version it started with as `model_dump_json()`; a protocol
that is edited tomorrow changes nothing in a case of today.
"""

from pydantic import Field

from config.entry import Entry, Key, Line, Words


class Timing(Entry):
    """The clocks of one urgency, all in minutes."""

    take: int = Field(ge=1)  # somebody who has seen the page must have taken it
    silent: int = Field(ge=1)  # no sign of the phone: on to the next person
    elsewhere: int = Field(default=2, ge=1)  # no sign of the phone: other messengers too
    remind: int = Field(ge=1)  # the page rings once more
    next_step: int = Field(ge=1)  # what the backup and every later step gets
    consult: int = Field(ge=1)  # all partners sit in one consultation ("a few hours" [RA])
    repeat_notice: int = Field(default=10, ge=1)  # the end of a chain is told again
    repeat_notices: int = Field(default=2, ge=0)  # … this many times


class Clocks(Entry):
    urgent: Timing
    calm: Timing


class Consultation(Entry):
    """How the three slots are made, all in minutes."""

    lead: int = Field(default=30, ge=1)  # earliest slot after now
    step: int = Field(default=30, ge=5)  # slots lie on multiples of this, this far apart
    remind: int = Field(default=10, ge=1)  # before the start
    nonvoter: int = Field(default=10, ge=1)  # who has not voted is asked again


class Called(Entry):
    """One chain: a partner and the function that is paged there."""

    partner: Key
    function: Key
    only_with_children: bool = False


class Outcome(Words):
    key: Key


class Closing(Entry):
    """For a case that nobody closes."""

    remind_hours: int = Field(default=24, ge=1)
    last_days: int = Field(default=14, ge=1)


class Protocol(Entry):
    key: Key
    version: int = Field(ge=1)
    order: int = 100  # lower stands first in every choice
    name: Words  # "strafbare kindermishandeling"
    button: Words  # "Kindermishandeling"
    words: tuple[Line, ...] = ()  # what people type for it, besides the key
    raised_by: tuple[Key, ...] = Field(min_length=1)
    asks_children: bool = False
    pages: tuple[Called, ...] = Field(min_length=1)
    clocks: Clocks
    consultation: Consultation = Consultation()
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    default_lead: Key | None = None
    closing: Closing = Closing()
    questions: tuple[Words, ...] = Field(min_length=5, max_length=5)  # the five of [MAR]

    def timing(self, urgent: bool) -> Timing:
        return self.clocks.urgent if urgent else self.clocks.calm

    def called(self, children: bool) -> tuple[Called, ...]:
        """Who is paged; a page that needs children in the home falls away without them."""
        return tuple(page for page in self.pages if children or not page.only_with_children)

    def outcome(self, key: str) -> Outcome:
        """Raises `KeyError` for an outcome that this protocol does not have."""
        for outcome in self.outcomes:
            if outcome.key == key:
                return outcome
        raise KeyError(key)
