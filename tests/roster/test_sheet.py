"""Excel workbooks, honest and hostile ones, made here with the library or by hand."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from commands.roster.files.given import Given
from commands.rules.roster.rule import Pair
from tests.roster.region import NOW, read, wrong

OM = Given("om", only="om", now=NOW)
HEADINGS = ["functie", "dagen", "datum", "van", "tot", "voorwacht", "achterwacht"]
Made = Callable[[Any], None]


def workbook(*rows: list[Any], also: Made | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (HEADINGS, *rows):
        sheet.append(row)
    if also is not None:
        also(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


GOOD = ["ovj", "ma", None, "08:00", "17:00", "om_ovj1", "om_ovj2"]


def test_cells_are_read_as_people_see_them() -> None:
    content = workbook(
        ["ovj", None, date(2026, 11, 24), time(22), time(8), "om_ovj1", None],
        ["ovj", None, datetime(2026, 11, 25), 0.5, timedelta(days=1), "om_ovj1", None],  # noqa: DTZ001
        ["ovj", None, 46352, 8, 17.0, "om_ovj2", None],
        GOOD,
    )
    parsed = read("a.xlsx", content, OM)
    assert [date.fromtimestamp(s.start / 1000 + 7200) for s in parsed.planned] == [  # noqa: DTZ012
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 26),
    ]
    assert [(s.end - s.start) // 3_600_000 for s in parsed.planned] == [10, 12, 9]
    assert parsed.rules[0].turns == (Pair("om_ovj1", "om_ovj2"),)
    assert parsed.rules[0].id == 5


def test_titles_above_and_columns_beside_do_not_matter() -> None:
    book = Workbook()
    sheet = book.active
    sheet["C3"] = "Rooster OM"
    for n, (heading, cell) in enumerate(zip(HEADINGS, GOOD, strict=True)):
        sheet.cell(5, 3 + n, heading)
        sheet.cell(9, 3 + n, cell)
    sheet["K9"] = "let op"
    content = io.BytesIO()
    book.save(content)
    assert read("a.xlsx", content.getvalue(), OM).rules[0].id == 9


def test_the_sheet_with_our_headings_is_the_one() -> None:
    def more(book: Any) -> None:
        book.create_sheet("Uitleg", 0)["A1"] = "Zo werkt het"
        book.create_sheet("Oud").append(HEADINGS)

    parsed = read("a.xlsx", workbook(GOOD, also=more), OM)
    assert len(parsed.rules) == 1
    assert [each.key for each in parsed.warnings] == ["import.warning.one_sheet"]


def test_formulas_are_not_calculated() -> None:
    row = [*GOOD[:5], '=HYPERLINK("https://evil.example","om_ovj1")', None]
    assert wrong("a.xlsx", workbook(GOOD, row), OM) == [("formula", 3, 5)]


def test_merged_cells_are_refused_by_their_place() -> None:
    content = workbook(GOOD, GOOD, also=lambda book: book.active.merge_cells("B2:B3"))
    assert wrong("a.xlsx", content, OM) == [("merged", 2, 1)]


def rezipped(content: bytes, **parts: bytes) -> bytes:
    """With these parts more, or other ones; `__` is a slash and `_` a point."""
    made = io.BytesIO()
    names = {name.replace("__", "/").replace("_", "."): part for name, part in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, part in names.items():
            new.writestr(name, part)
    return made.getvalue()


def test_macros_are_refused_under_any_name() -> None:
    assert wrong("a.xlsm", workbook(GOOD), OM) == [("macros", 0, None)]
    hidden = rezipped(workbook(GOOD), xl__vbaProject_bin=b"x")
    assert wrong("a.xlsx", hidden, OM) == [("macros", 0, None)]


def test_a_zip_bomb_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    def read_part(_archive: zipfile.ZipFile, part: object, *_: object) -> bytes:
        opened.append(part)
        return b""

    monkeypatch.setattr(zipfile.ZipFile, "read", read_part)
    bomb = rezipped_big(workbook(), 30)
    assert wrong("a.xlsx", bomb, OM) == [("unpacks_too_big", 0, None)]
    assert opened == []


def rezipped_big(content: bytes, megabytes: int) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * megabytes * 1024 * 1024)
    return made.getvalue()


def test_a_part_that_unpacks_a_thousandfold_is_a_bomb_of_any_size() -> None:
    assert wrong("a.xlsx", rezipped_big(workbook(GOOD), 5), OM) == [("unpacks_too_big", 0, None)]


def test_a_zip_that_lies_about_its_sizes_is_damaged() -> None:
    content = bytearray(rezipped_big(workbook(GOOD), 5))
    size = (5 * 1024 * 1024).to_bytes(4, "little")
    lie = (1000).to_bytes(4, "little")
    assert wrong("a.xlsx", bytes(content.replace(size, lie)), OM) == [("damaged", 0, None)]


def test_entities_that_grow_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'
    content = rezipped(workbook(GOOD), xl__sharedStrings_xml=laughs)
    assert wrong("a.xlsx", content, OM) == [("damaged", 0, None)]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_what_is_no_workbook_is_told_apart() -> None:
    with io.BytesIO() as made:
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("word/document.xml", "<a/>")
        document = made.getvalue()
    for name, content, code in [
        ("a.xlsx", b"", "empty"),
        ("a.csv", b" \n ", "empty"),
        ("a.xlsx", b"functie;dagen", "renamed"),
        ("a.csv", workbook(GOOD), "renamed"),
        ("a.ics", workbook(GOOD), "renamed"),
        ("a.csv", b"BEGIN:VCALENDAR\r\n", "renamed"),
        ("a.pdf", b"%PDF-1.7", "unknown_kind"),
        ("rooster", b"functie;dagen", "unknown_kind"),
        ("a.xlsx", document, "no_workbook"),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("a.xlsx", workbook(GOOD)[:-300], "damaged"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", OLE + b"Workbook", "old_excel"),
        ("a.xls", OLE + b"Workbook", "old_excel"),
        ("a.csv", b"functie;dagen\x00\x81", "not_text"),
        ("a.csv", b"x" * (2 * 1024 * 1024 + 1), "too_big"),
    ]:
        assert wrong(name, content, OM) == [(code, 0, None)], (name, code)


def test_rows_far_down_and_cells_far_right_take_no_memory() -> None:
    def far(book: Any) -> None:
        book.active["A900000"] = "ovj"

    assert wrong("a.xlsx", workbook(GOOD, also=far), OM) == [("too_many_rows", 0, None)]

    def wide(book: Any) -> None:
        book.active["ZZ2"] = "x"

    assert len(read("a.xlsx", workbook(GOOD, also=wide), OM).rules) == 1
