"""A roster as the rows of a table that imports as exactly the same roster."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time

from commands.roster.files.headings import HEADINGS, ORDER
from commands.roster.files.names import Names
from commands.rules.moments import local
from commands.rules.roster.replacement import Planned, settled
from commands.rules.roster.rule import DutyRule, Pair, Seat
from config.entry import Language

_DAYS = {
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo", "feestdagen"),
    "en": ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holidays"),
}
_WORDS = {
    "nl": {"day": "dag", "week": "week", "yes": "ja", "nobody": "niemand", "next": "volgende"},
    "en": {"day": "day", "week": "week", "yes": "yes", "nobody": "nobody", "next": "next"},
}
_BETWEEN = " / "


def headings(language: Language) -> list[str]:
    """The first row."""
    return [
        next(word for word in HEADINGS[name] if (word in _ENGLISH) == (language == "en"))
        for name in ORDER
    ]


_ENGLISH = frozenset(
    {
        *("organisation", "function", "district", "days", "date", "from", "to"),
        *("primary", "backup", "valid from", "valid until", "turn", "first turn", "temporary"),
    }
)


def table_of(
    names: Names,
    rules: Iterable[DutyRule],
    planned: Iterable[Planned],
    language: Language,
) -> list[list[str]]:
    """Headings and rows: rules in their order, then planned shifts by time."""
    writer = _Writer(names, language)
    rows = [writer.rule(rule) for rule in rules]
    rows += [writer.planned(shifts) for shifts in _together(planned)]
    return [headings(language), *([row.get(name, "") for name in ORDER] for row in rows)]


def days_written(days: Iterable[int], language: Language) -> str:
    """`ma, di, wo`."""
    return ", ".join(_DAYS[language][day] for day in sorted(days))


def _together(planned: Iterable[Planned]) -> list[list[Planned]]:
    """Voorwacht and achterwacht of the same hours stand in one row."""
    rows: dict[tuple[Seat, int, int], list[Planned]] = {}
    spare: list[list[Planned]] = []
    for each in sorted(planned, key=lambda shift: (shift.start, shift.seat.function, shift.role)):
        row = rows.setdefault((each.seat, each.start, each.end), [])
        if any(other.role == each.role or other.person == each.person for other in row):
            spare.append([each])
        else:
            row.append(each)
    return sorted([*rows.values(), *spare], key=lambda row: row[0].start)


class _Writer:
    def __init__(self, names: Names, language: Language) -> None:
        self._names = names
        self._language: Language = language
        self._words: Mapping[str, str] = _WORDS[language]

    def rule(self, rule: DutyRule) -> dict[str, str]:
        rule = settled(rule)
        row = self._seat(rule.seat) | {
            "days": days_written(rule.weekdays, self._language),
            "from": f"{rule.start:%H:%M}",
            "to": _end(rule.start, rule.end),
            "primary": self._turns([pair.primary for pair in rule.turns]),
            "backup": self._backups(rule.turns),
            "valid_from": rule.valid_from.isoformat() if rule.valid_from else "",
            "valid_until": rule.valid_until.isoformat() if rule.valid_until else "",
            "temporary": self._words["yes"] if rule.temporary else "",
        }
        if len(rule.turns) > 1 and rule.first_turn is not None:
            row |= {"turn": self._words[rule.turn], "first_turn": rule.first_turn.isoformat()}
        return row

    def planned(self, shifts: Sequence[Planned]) -> dict[str, str]:
        first = shifts[0]
        begin, end = local(first.start), local(first.end)
        row = self._seat(first.seat) | {
            "date": begin.date().isoformat(),
            "from": f"{begin:%H:%M}",
            "to": _end(begin.time(), end.time()),
        }
        for each in shifts:
            row[each.role] = self._person(each.person)
        return row

    def _seat(self, seat: Seat) -> dict[str, str]:
        return {"partner": seat.partner, "function": seat.function, "place": seat.place or ""}

    def _backups(self, turns: Sequence[Pair]) -> str:
        firsts = [pair.primary for pair in turns]
        backups = [pair.backup for pair in turns]
        if len(turns) > 1 and backups == [*firsts[1:], firsts[0]]:
            return self._words["next"]
        return self._turns(backups)

    def _turns(self, people: Sequence[str | None]) -> str:
        """One that stands in every turn is written once, unless nobody else makes the turns."""
        if set(people) == {None}:
            return "" if len(people) == 1 else _BETWEEN.join([self._words["nobody"]] * len(people))
        return _BETWEEN.join(self._person(key) for key in people)

    def _person(self, key: str | None) -> str:
        return self._words["nobody"] if key is None else self._names.written(key)


def _end(begin: time, end: time) -> str:
    return "24:00" if end == time() and begin != time() else f"{end:%H:%M}"
