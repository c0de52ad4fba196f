"""Comma-separated text as spreadsheets write it: any encoding, any separator."""

import csv
import io

from commands.roster.files.headings import Row, find_headings
from commands.roster.files.problem import Bad
from commands.roster.files.table import MOST_ROWS

_SEPARATORS = ";,\t"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CALCULATES = ("=", "+", "@")
_LONGEST_CELL = 2_000
_MOST_COLUMNS = 100


def rows_of_text(content: bytes) -> list[Row]:
    """The rows with their numbers, as a sheet counts them. Raises `Bad`."""
    text = _decoded(content)
    if not text.strip():
        raise Bad("empty")
    first, _, rest = text.partition("\n")
    separators = _SEPARATORS
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        separators, text = first[4], "\n" + rest  # its row stays counted
    found = [_split(text, separator) for separator in separators]
    rows = max(found, key=lambda each: len((find_headings(each) or (0, {}))[1]))
    for number, cells in rows:
        for column, cell in enumerate(cells):
            if cell.startswith(_CALCULATES):
                raise Bad("formula", number, column)
    return rows


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _try(content, encoding)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _try(content, "cp1252")
    if "\0" in text:
        raise Bad("not_text")
    return text


def _try(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Bad("not_text") from None


def _split(text: str, separator: str) -> list[Row]:
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) > MOST_ROWS:
                raise Bad("too_many_rows", n=MOST_ROWS)
            if len(cells) > _MOST_COLUMNS or any(len(cell) > _LONGEST_CELL for cell in cells):
                raise Bad("too_wide", number)
            rows.append((number, [cell.strip() for cell in cells]))
    except csv.Error:
        raise Bad("not_text") from None
    return rows
