"""The columns of a roster table, in any order, with Dutch or English headings."""

from collections.abc import Mapping, Sequence

from commands.reading.typos import meant
from commands.reading.words import phrase
from commands.roster.files.problem import Problem

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "partner": ("organisatie", "partner", "organisation", "organization", "partij"),
    "function": ("functie", "function", "dienst", "duty", "dienstfunctie"),
    "place": ("wijk", "district", "plaats", "place", "gemeente", "municipality"),
    "days": ("dagen", "dag", "dag(en)", "days", "day", "weekdag", "weekdagen", "weekday"),
    "date": ("datum", "date"),
    "from": ("van", "from", "begin", "start", "begintijd"),
    "to": ("tot", "to", "until", "einde", "end", "eind", "eindtijd"),
    "primary": ("voorwacht", "primary", "dienstdoende", "wie", "who", "persoon", "person"),
    "backup": ("achterwacht", "backup", "back-up"),
    "valid_from": ("geldig vanaf", "valid from", "vanaf"),
    "valid_until": ("geldig tot", "geldig tot en met", "geldig t/m", "valid until", "valid to"),
    "turn": ("beurt", "turn", "rotatie", "rotation", "wissel"),
    "first_turn": ("eerste beurt", "first turn", "beurt vanaf"),
    "temporary": ("tijdelijk", "temporary"),
}
"""By column what can stand above it. In a sheet without functions `dienst` may also be a person's
column heading; we write `voorwacht`."""

ORDER = tuple(HEADINGS)
SEARCHED = 20  # rows in which the headings may stand: titles come above them
_KNOWN = {phrase(word): column for column, words in HEADINGS.items() for word in words}
_ENOUGH = 3  # known headings that make a row the row of headings

Row = tuple[int, Sequence[str]]
"""The number of a row, as the sheet counts, and its cells as text."""


def find_headings(rows: Sequence[Row]) -> tuple[int, dict[str, int]] | None:
    """Where in `rows` the headings stand, and the column of each; None: nowhere."""
    for place, (_, cells) in enumerate(rows[:SEARCHED]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            name = _KNOWN.get(phrase(cell))
            if name is not None:
                columns.setdefault(name, column)
        if len(columns) >= _ENOUGH:
            _primary_called_duty(cells, columns)
            return place, columns
    return None


def _primary_called_duty(cells: Sequence[str], columns: dict[str, int]) -> None:
    """With `functie` and `dienst` both there, `dienst` is who is on duty."""
    if "primary" in columns:
        return
    called = [phrase(cell) for cell in cells]
    for word in ("dienst", "duty"):
        if word in called and any(w in called for w in ("functie", "function")):
            columns["primary"] = called.index(word)
            columns["function"] = next(
                called.index(w) for w in ("functie", "function") if w in called
            )


def heading_problems(number: int, cells: Sequence[str], columns: dict[str, int]) -> list[Problem]:
    """Headings that stand there twice, or are one letter off."""
    problems = []
    for column, cell in enumerate(cells):
        name = _KNOWN.get(phrase(cell))
        if name is not None:
            if columns.get(name) != column and column not in columns.values():
                problems.append(Problem("heading_twice", number, column, name))
        elif near := meant(phrase(cell), _KNOWN):
            problems.append(Problem("heading_typo", number, column, _KNOWN[near]))
    return problems


def not_read(cells: Sequence[str], columns: dict[str, int]) -> list[int]:
    """Columns with a heading that means nothing here."""
    return [
        column
        for column, cell in enumerate(cells)
        if phrase(cell) and column not in columns.values()
    ]
