"""One row of a roster table: a rule that comes back, or planned shifts of one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from commands.messages import Param
from commands.reading.words import phrase
from commands.roster.files.given import Given
from commands.roster.files.names import Names, Unclear
from commands.roster.files.problem import Problem
from commands.roster.files.spoken_days import read_date, read_days, read_time
from commands.roster.files.turns import People, pairs, read_people
from commands.rules.moments import instant, last_instant
from commands.rules.roster.replacement import Planned
from commands.rules.roster.rule import DutyRole, DutyRule, Seat, Turn

_YES, _NO = (
    frozenset({"ja", "j", "yes", "y", "x", "waar", "true", "1"}),
    frozenset({"", "nee", "n", "no", "onwaar", "false", "0", "-"}),
)
_TURNS: Mapping[str, Turn] = {
    "dag": "day", "day": "day", "per dag": "day", "daags": "day", "daily": "day",
    "week": "week", "per week": "week", "weekly": "week", "wekelijks": "week",
}  # fmt: skip


@dataclass
class RowReader:
    """Reads the cells of one row; collects what is wrong with it."""

    names: Names
    given: Given
    columns: Mapping[str, int]
    number: int
    cells: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> DutyRule | list[Planned] | None:
        """None: something is wrong with this row."""
        seat = self._seat()
        day, days = self._when()
        hours = self._hours()
        people = self._people(seat) if seat else None
        if day is not None and not self.problems:
            self._lacks("turn", "first_turn", "valid_from", "valid_until", "temporary")
        rule = self._rule(seat, days, hours, people) if days is not None else None
        shifts = self._planned(seat, day, hours, people) if day is not None else None
        return None if self.problems else rule or shifts

    def cell(self, name: str) -> str:
        """The text in this column; empty if there is no such column."""
        column = self.columns.get(name)
        return self.cells[column].strip() if column is not None and column < len(self.cells) else ""

    def wrong(self, code: str, name: str, **params: Param) -> None:
        """Something is wrong in this column, or would be mended there."""
        column = self.columns.get(name)
        self.problems.append(
            Problem(code, self.number, column, name if column is not None else None, params)
        )

    def _unclear(self, name: str, found: Unclear) -> None:
        self.wrong(found.code, name, **({"choices": found.choices} if found.choices else {}))

    def _seat(self) -> Seat | None:
        partner: str | Unclear | None = self.given.partner
        if text := self.cell("partner"):
            partner = self.names.partner(text)
        if partner is None:
            self.wrong("no_partner", "partner")
            return None
        if isinstance(partner, Unclear):
            self._unclear("partner", partner)
            return None
        if self.given.only not in (None, partner):
            self.wrong("not_yours", "partner")
            return None
        function: str | Unclear | None = self.names.only_function(partner)
        if partner == self.given.partner and self.given.function is not None:
            function = self.given.function
        if text := self.cell("function"):
            function = self.names.function(partner, text)
        if function is None:
            function = self.names.function(partner, "")
            choices = function.choices if isinstance(function, Unclear) else None
            function = Unclear("no_function_said", choices)
        place: str | Unclear | None = self.given.place
        if text := self.cell("place"):
            place = self.names.place(text)
        if isinstance(function, Unclear):
            self._unclear("function", function)
        if isinstance(place, Unclear):
            self._unclear("place", place)
        if isinstance(function, Unclear) or isinstance(place, Unclear):
            return None
        return Seat(partner, function, place)

    def _when(self) -> tuple[date | None, frozenset[int] | None]:
        day, days = self.cell("date"), self.cell("days")
        found_day = self._date("date")
        if day and days:
            # A weekday beside the date, as sheets have it, says nothing new.
            named = read_days(days)
            if found_day is not None and named != frozenset({found_day.weekday()}):
                self.wrong("date_and_days", "date")
            return found_day, None
        if not day and not days:
            self.wrong("no_when", "days" if "days" in self.columns else "date")
        if not days:
            return found_day, None
        found = read_days(days)
        if found is None:
            self.wrong("unknown_days", "days")
        return None, found

    def _date(self, name: str) -> date | None:
        text = self.cell(name)
        found = read_date(text) if text else None
        if text and found is None:
            self.wrong("unknown_date", name)
        return found

    def _hours(self) -> tuple[time, time] | None:
        begin, end = self._time("from"), self._time("to")
        if begin is not None and begin[1]:
            self.wrong("begins_at_midnight", "from")
            return None
        return (begin[0], end[0]) if begin and end else None

    def _time(self, name: str) -> tuple[time, bool] | None:
        text = self.cell(name)
        found = read_time(text)
        if found is None:
            self.wrong("unknown_time" if text else "no_time", name)
        return found

    def _people(self, seat: Seat) -> tuple[People, People] | None:
        found = []
        for name in ("primary", "backup"):
            people = read_people(self.names, seat, self.cell(name))
            if isinstance(people, Unclear):
                self._unclear(name, people)
            else:
                found.append(people)
        return (found[0], found[1]) if len(found) == 2 else None

    def _rule(
        self,
        seat: Seat | None,
        days: frozenset[int] | None,
        hours: tuple[time, time] | None,
        people: tuple[People, People] | None,
    ) -> DutyRule | None:
        turns = pairs(*people) if people else ()
        if isinstance(turns, str):
            self.wrong(turns, "backup" if turns == "own_backup" else "primary")
        turn = _TURNS.get(phrase(self.cell("turn"))) if self.cell("turn") else "week"
        if turn is None:
            self.wrong("unknown_turn", "turn")
        first = self._date("first_turn")
        if len(turns) > 1 and not isinstance(turns, str) and not self.cell("first_turn"):
            self.wrong("no_first_turn", "first_turn")
        since, until = self._date("valid_from"), self._date("valid_until")
        if since and until and until < since:
            self.wrong("dates_reversed", "valid_until")
        temporary = phrase(self.cell("temporary"))
        if temporary not in _YES | _NO and self.cell("temporary") != "-":
            self.wrong("unknown_yes", "temporary")
        if self.problems or not (seat and days and hours and turn) or isinstance(turns, str):
            return None
        return DutyRule(
            id=self.number,
            seat=seat,
            weekdays=days,
            start=hours[0],
            end=hours[1],
            turns=turns,
            turn=turn,
            first_turn=first,
            valid_from=since,
            valid_until=until,
            temporary=temporary in _YES,
        )

    def _lacks(self, *columns: str) -> None:
        """Of a single day these say nothing."""
        for name in columns:
            if self.cell(name) and phrase(self.cell(name)) not in _NO:
                self.wrong("not_with_date", name)

    def _planned(
        self,
        seat: Seat | None,
        day: date,
        hours: tuple[time, time] | None,
        people: tuple[People, People] | None,
    ) -> list[Planned] | None:
        """An empty cell leaves the role as the rules have it; `niemand` empties it."""
        if people is None or seat is None or hours is None:
            return None
        if any(each.next or len(each.names) > 1 for each in people):
            self.wrong("turns_on_date", "primary")
        if not people[0].names and not people[1].names:
            self.wrong("nobody_on_date", "primary")
        if people[0].names and people[0].names == people[1].names and people[0].names[0]:
            self.wrong("own_backup", "backup")
        if self.problems:
            return None
        start, end = span_of(day, hours)
        if end <= start:  # in the hour that the spring night leaves out
            self.wrong("no_length", "to")
            return None
        roles: tuple[DutyRole, DutyRole] = ("primary", "backup")
        return [
            Planned(seat, role, each.names[0], start, end, self.number)
            for role, each in zip(roles, people, strict=True)
            if each.names
        ]


def span_of(day: date, hours: tuple[time, time]) -> tuple[int, int]:
    """From the first passing of its hour to the last one; an end that is not later is tomorrow."""
    begin, end = hours
    overnight = timedelta(days=1) if end <= begin else timedelta()
    return instant(day, begin), last_instant(day + overnight, end)
