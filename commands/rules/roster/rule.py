"""What a roster is made of. Wall clock Europe/Amsterdam for what comes back, instants
(milliseconds UTC) for what happens once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Literal

MONDAY, SUNDAY = 0, 6
HOLIDAY = 7  # an eighth day of the week: for what is on public holidays only
NO_HOLIDAYS: frozenset[date] = frozenset()

DutyRole = Literal["primary", "backup"]
Turn = Literal["day", "week"]
# Why the roster is other than its rules say: somebody was put in by hand, a swap, a stand-in.
ChangeKind = Literal["planned", "override", "swap", "stand_in"]
Because = Literal[
    "rule", "temporary", "planned", "override", "swap", "stand_in", "absent", "unreachable"
]


@dataclass(frozen=True)
class Seat:
    """What must be manned: a duty function of a partner, in one district or everywhere."""

    partner: str
    function: str
    place: str | None = None


@dataclass(frozen=True)
class Pair:
    """Who stand together: primary (voorwacht) and backup (achterwacht), by person key."""

    primary: str | None
    backup: str | None = None


@dataclass(frozen=True)
class DutyRule:
    """A duty that comes back. Monday is 0, a public holiday is a Sunday (domain.md section 2) and
    also day 7; `end` not after `start` is the next day.

    A duty belongs to the day on which it starts, also for its turn and for `valid_from` and
    `valid_until` (both days included). Where duties run together a temporary one wins, then one
    of that district, then the latest rule: `id` grows with every rule that is added.
    """

    id: int
    seat: Seat
    weekdays: frozenset[int]
    start: time
    end: time
    turns: tuple[Pair, ...]  # one: always the same; more: they take turns
    turn: Turn = "week"
    first_turn: date | None = None  # a day on which the first pair has its turn
    valid_from: date | None = None
    valid_until: date | None = None
    temporary: bool = False

    def pair(self, day: date) -> Pair:
        """Whose turn it is when the duty starts on this day."""
        if len(self.turns) == 1 or self.first_turn is None:
            return self.turns[0]
        return self.turns[self._turns_since(self.first_turn, day) % len(self.turns)]

    def _turns_since(self, first: date, day: date) -> int:
        if self.turn == "week":  # a week of turns begins on the weekday of the first one
            return (day - first).days // 7
        return self._days_until(day) - self._days_until(first)

    def _days_until(self, day: date) -> int:
        """Days of this duty from a fixed Monday to this day: a holiday moves nobody's turn."""
        weeks, weekday = divmod(day.toordinal() - 1, 7)  # 1 January of year 1 was a Monday
        mine = [each for each in self.weekdays if each != HOLIDAY]
        return weeks * len(mine) + sum(each < weekday for each in mine)


@dataclass(frozen=True)
class Change:
    """Somebody else stands here for once. Later changes work upon what earlier ones made.

    With `leaves` it is a replacement: wherever that person stands in this seat, `enters` does.
    Without, `enters` has the role, whoever would.
    """

    id: int
    seat: Seat
    start: int
    end: int
    leaves: str | None
    enters: str | None
    role: DutyRole | None = None  # None: in either role
    kind: ChangeKind = "override"


@dataclass(frozen=True)
class Absence:
    """Somebody is not there: ill or away. Until further notice if it has no end."""

    person: str
    start: int
    end: int | None = None

    def covers(self, at: int) -> bool:
        """True if they are away at this instant."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True)
class Why:
    """What put somebody there, or keeps somebody away: the number of the rule or the change."""

    because: Because
    number: int = 0
    person: str | None = None  # who would have stood here


@dataclass(frozen=True)
class Roster:
    """Everything that decides who is on duty."""

    rules: tuple[DutyRule, ...] = ()
    changes: tuple[Change, ...] = ()
    absences: tuple[Absence, ...] = ()
    holidays: frozenset[date] = NO_HOLIDAYS
    reachable: frozenset[str] | None = None  # who can be called; None: everybody
    _rules: dict[tuple[str, str], list[DutyRule]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _changes: dict[Seat, list[Change]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _absences: dict[str, list[Absence]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for rule in self.rules:
            self._rules.setdefault((rule.seat.partner, rule.seat.function), []).append(rule)
        for change in self.changes:
            self._changes.setdefault(change.seat, []).append(change)
        for absence in self.absences:
            self._absences.setdefault(absence.person, []).append(absence)

    def rules_for(self, seat: Seat) -> list[DutyRule]:
        """What is everywhere counts in every district too."""
        mine = self._rules.get((seat.partner, seat.function), [])
        return [rule for rule in mine if rule.seat.place in (None, seat.place)]

    def changes_for(self, seat: Seat) -> Sequence[Change]:
        """What is different in this seat for once, in the order in which it counts."""
        return self._changes.get(seat, ())

    def absences_of(self, people: Iterable[str]) -> list[Absence]:
        """When these people are away."""
        return [each for person in people for each in self._absences.get(person, ())]

    def seats_of(self, partner: str, function: str) -> tuple[Seat, ...]:
        """The seats of a function: one for each district that has rules of its own, or one."""
        mine = self._rules.get((partner, function), [])
        places = dict.fromkeys(rule.seat.place for rule in mine)
        districts = [Seat(partner, function, place) for place in places if place is not None]
        return tuple(districts) or (Seat(partner, function),)

    def seat_at(self, partner: str, function: str, place: str | None) -> Seat:
        """The seat that is called for what happens in this place."""
        in_districts = self.seats_of(partner, function)[0].place is not None
        return Seat(partner, function, place if in_districts else None)

    def reaching(self, people: Iterable[str]) -> "Roster":
        """The same roster where only these people can be called."""
        return replace(self, reachable=frozenset(people))
