"""A table as an Excel workbook or as text that Excel opens."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

_ENDINGS_OF_LINES = "\r\n"
_WIDTH = 16


def csv_of(table: Sequence[Sequence[str]]) -> bytes:
    """With the mark by which Excel sees that it is UTF-8, and its Dutch separator."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator=_ENDINGS_OF_LINES).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def workbook_of(
    table: Sequence[Sequence[str]],
    choices: Mapping[int, Sequence[str]] | None = None,
    explanation: Mapping[str, Sequence[str]] | None = None,
    *,
    rows_to_choose_in: int = 500,
) -> bytes:
    """`choices`: what drops down in a column (from 0). `explanation`: lines by name of a sheet.

    Whoever fills it in may write something else than the list: a function in other words.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "Rooster"
    _fill(sheet, table)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in range(1, len(table[0]) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    for name, lines in (explanation or {}).items():
        page = book.create_sheet(name)
        page.column_dimensions["A"].width = 100
        _fill(page, [[line] for line in lines])
    if choices:
        lists = book.create_sheet("Lijsten")
        lists.sheet_state = "hidden"
        for place, (column, words) in enumerate(choices.items(), start=1):
            letter = get_column_letter(place)
            for row, word in enumerate(words, start=1):
                _write(lists.cell(row, place), word)
            source = f"Lijsten!${letter}$1:${letter}${max(len(words), 1)}"
            valid = DataValidation(
                "list", formula1=source, allow_blank=True, showErrorMessage=False
            )
            target = get_column_letter(column + 1)
            valid.add(f"{target}2:{target}{rows_to_choose_in}")
            sheet.add_data_validation(valid)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Any, table: Sequence[Sequence[str]]) -> None:
    for row, cells in enumerate(table, start=1):
        for column, text in enumerate(cells, start=1):
            if text:
                _write(sheet.cell(row, column), text)


def _write(cell: Any, text: str) -> None:
    """As text, whatever it begins with: nothing here is ever calculated."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
