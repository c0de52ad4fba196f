"""The rows of an Excel workbook, every cell as the text that people see in it."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from commands.messages import Message, message
from commands.roster.files.headings import Row, find_headings
from commands.roster.files.packed import look_through
from commands.roster.files.problem import Bad
from commands.roster.files.table import MOST_ROWS

_MOST_COLUMNS = 100
_LONGEST_CELL = 2_000
_MOST_SHEETS = 10
_DAY_S = 24 * 60 * 60
_AS_DATES = range(40_000, 75_000)  # day numbers of 2009 to 2105, where a cell lost its format


def rows_of_workbook(content: bytes) -> tuple[list[Row], list[Message]]:
    """The rows of the first sheet that has our headings, and what to warn of. Raises `Bad`."""
    look_through(content)
    from openpyxl import load_workbook  # 0.2 s and 10 MB: only for who sends a workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        tables = []
        for sheet in book.worksheets[:_MOST_SHEETS]:
            rows = list(_rows(sheet))
            if find_headings(rows) is not None:
                tables.append(rows)
        book.close()
    except Bad:
        raise
    except Exception:  # noqa: BLE001 - whatever a library makes of a file that is not right
        raise Bad("damaged") from None
    if not tables:
        raise Bad("no_headings")
    _no_formulas(tables[0])
    ignored = [message("import.warning.one_sheet")] if len(tables) > 1 else []
    return tables[0], ignored


class _Cell(str):
    """What stands there; a formula knows that it is one."""

    formula = False


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its own size is not to be relied on
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS + 1), start=1):
        texts = [_text(cell) for cell in cells]
        if number > MOST_ROWS * 4:  # holes count as well
            raise Bad("too_many_rows", n=MOST_ROWS)
        if not any(texts):
            continue
        filled += 1
        if filled > MOST_ROWS + 1:
            raise Bad("too_many_rows", n=MOST_ROWS)
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > _MOST_COLUMNS or any(len(text) > _LONGEST_CELL for text in texts):
            raise Bad("too_wide", number)
        yield number, texts


def _text(cell: Any) -> _Cell:
    value = cell.value
    text = _Cell(_written(value).strip())
    text.formula = cell.data_type == "f"
    return text


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return f"{value:%H:%M}" if value.year < 1901 else value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return _clock(value.total_seconds() / _DAY_S)
        case int() if value in _AS_DATES:
            return (date(1899, 12, 30) + timedelta(days=value)).isoformat()
        case float() if 0 < value < 1:
            return _clock(value)
        case float() if value.is_integer():
            return _written(int(value))
    return str(value)


def _clock(part_of_day: float) -> str:
    minutes = round(part_of_day * 24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _no_formulas(rows: list[Row]) -> None:
    for number, cells in rows:
        for column, cell in enumerate(cells):
            if getattr(cell, "formula", False):
                raise Bad("formula", number, column)
