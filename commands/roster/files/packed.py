"""An .xlsx file is a zip: looked through before any library opens it."""

import io
import re
import zipfile
import zlib

from commands.roster.files.problem import Bad

MOST_BYTES = 20 * 1024 * 1024  # unpacked, all parts together
_MOST_RATIO = 200  # real sheets are packed to a tenth, at most a hundredth
_SMALL = 1024 * 1024  # repeated cells of a small part may pack well
_MOST_PARTS = 500
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):")
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


def look_through(content: bytes) -> None:
    """Raises `Bad` for what is no plain workbook. Nothing is unpacked before its size is known,
    and a part is never read further than the size that it says it has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise Bad("damaged") from None
    except (RuntimeError, ValueError):  # an encrypted part; a name that is no name
        raise Bad("password") from None


def _look(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Bad("password")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > MOST_BYTES or any(map(_bomb, parts)):
        raise Bad("unpacks_too_big")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Bad("macros")
    if "xl/workbook.xml" not in names:
        raise Bad("no_workbook")
    for part in parts:
        _look_at(part.filename, archive.read(part))


def _bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)


def _look_at(name: str, content: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels")):
        return
    if any(mark in content for mark in _DOCTYPE):  # entities that grow while they are read
        raise Bad("damaged")
    if b"macroEnabled" in content and name == "[Content_Types].xml":
        raise Bad("macros")
    merged = _MERGED.search(content) if name.startswith("xl/worksheets/") else None
    if merged is not None:
        raise Bad("merged", int(merged[2]), _column(merged[1].decode()))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
