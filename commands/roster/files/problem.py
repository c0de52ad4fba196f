"""What is wrong in a roster file: where it stands, what it is, and how to mend it.

A problem never repeats what stands in the cell: that could be anything, also somebody's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commands.messages import Message, Param, Word, message

SHOWN = 10  # more of them help nobody
_LETTERS = 26


@dataclass(frozen=True)
class Problem:
    """`row` counts as the sheet does, from 1; 0: it is about the whole file. `column` counts
    from 0; None: it is about the whole row."""

    code: str
    row: int = 0
    column: int | None = None
    heading: str | None = None
    params: Mapping[str, Param] = field(default_factory=dict)

    def told(self) -> Message:
        """In words, with its mend."""
        finding = Message(f"import.problem.{self.code}", self.params)
        if not self.row:
            return finding
        if self.column is None:
            return message("import.at_row", number=self.row, finding=finding)
        letters = column_letters(self.column)
        if self.heading is None:
            return message("import.at_cell", number=self.row, column=letters, finding=finding)
        heading = Word(f"import.heading.{self.heading}")
        return message("import.at", number=self.row, column=letters, word=heading, finding=finding)


class Bad(Exception):
    """The file cannot be read any further."""

    def __init__(self, code: str, row: int = 0, column: int | None = None, **params: Param) -> None:
        super().__init__(code)
        self.problem = Problem(code, row, column, None, params)


def problems_told(problems: Sequence[Problem]) -> Message:
    """All of them in one message, the first ones in full."""
    lines = [problem.told() for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(message("import.more_problems", n=len(problems) - SHOWN))
    return Message("import.refused", {"n": len(problems)}, tuple(lines))


def column_letters(column: int) -> str:
    """As above the columns of a sheet: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
