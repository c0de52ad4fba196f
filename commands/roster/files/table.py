"""A table of cells becomes a roster, or the list of all that is wrong with it."""

from collections.abc import Iterable, Sequence

from commands.messages import Message, Word, message
from commands.reading.words import phrase
from commands.roster.files.given import Given
from commands.roster.files.headings import Row, find_headings, heading_problems, not_read
from commands.roster.files.names import Names
from commands.roster.files.parsed import Parsed, ParsedRoster
from commands.roster.files.problem import Problem, column_letters
from commands.roster.files.row import RowReader
from commands.rules.moments import local
from commands.rules.roster.replacement import Planned, run_together
from commands.rules.roster.rule import DutyRule, Seat

MOST_ROWS = 5_000


def read_table(
    rows: Sequence[Row], names: Names, given: Given, warnings: Iterable[Message] = ()
) -> Parsed:
    """Nothing is taken of a table in which anything is wrong."""
    headings = find_headings(rows)
    if headings is None:
        return (Problem("no_headings"),)
    place, columns = headings
    number, cells = rows[place]
    problems = heading_problems(number, cells, columns) + _missing(number, columns, given)
    said = [
        message("import.warning.not_read", column=column_letters(column))
        for column in not_read(cells, columns)
    ]
    if problems:
        return tuple(problems)
    rules: list[DutyRule] = []
    planned: list[Planned] = []
    for number, cells in rows[place + 1 :]:
        if not any(phrase(cell) for cell in cells):
            continue
        reader = RowReader(names, given, columns, number, cells)
        found = reader.read()
        problems += reader.problems
        if isinstance(found, DutyRule):
            rules.append(found)
            said += _alone(reader, found)
        elif found:
            planned += found
    problems += [
        Problem("overlap", later.row, None, None, {"count": earlier.row})
        for earlier, later in overlaps(planned)
    ]
    if not problems and not rules and not planned:
        return (Problem("no_rows"),)
    if problems:
        return tuple(sorted(problems, key=lambda each: (each.row, each.column or 0)))
    days = [local(each.start).date() for each in planned]
    return ParsedRoster(
        rules=tuple(rules),
        planned=tuple(planned),
        seats=tuple(dict.fromkeys(each.seat for each in planned)),
        days=(min(days), max(days)) if days else None,
        warnings=(*warnings, *said),
    )


def _missing(number: int, columns: dict[str, int], given: Given) -> list[Problem]:
    needed = [("from",), ("to",), ("days", "date"), ("primary", "backup")]
    if given.partner is None:
        needed.append(("partner",))
    return [
        Problem("no_column", number, None, None, {"word": Word(f"import.heading.{names[0]}")})
        for names in needed
        if not any(name in columns for name in names)
    ]


def _alone(reader: RowReader, rule: DutyRule) -> list[Message]:
    """A rotation of one has no next in turn."""
    wants_turns = bool(reader.cell("turn") or reader.cell("first_turn"))
    if wants_turns and len(rule.turns) == 1 and rule.turns[0].backup is None:
        return [message("import.warning.alone", number=rule.id)]
    return []


def overlaps(planned: Sequence[Planned]) -> list[tuple[Planned, Planned]]:
    """Planned shifts that run together in one role of one seat, the earlier one first."""
    found = []
    last: dict[tuple[Seat, str], Planned] = {}
    for each in sorted(planned, key=lambda shift: (shift.start, shift.row)):
        before = last.get((each.seat, each.role))
        if before is not None and run_together(before, each):
            found.append((before, each))
        if before is None or each.end > before.end:
            last[(each.seat, each.role)] = each
    return found
