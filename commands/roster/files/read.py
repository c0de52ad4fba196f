"""What somebody sends becomes a roster, or everything that is wrong with it."""

from pathlib import PurePath

from commands.roster.files.given import Given
from commands.roster.files.names import Names
from commands.roster.files.parsed import Parsed
from commands.roster.files.problem import Bad
from commands.roster.files.table import read_table
from commands.roster.files.text_table import rows_of_text

MOST_BYTES = 2 * 1024 * 1024
ENDINGS = (".xlsx", ".csv", ".ics")
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CALENDAR = b"BEGIN:VCALENDAR"


def read_roster(name: str, content: bytes, names: Names, given: Given) -> Parsed:
    """Takes up to some seconds for the largest files: never on the event loop."""
    try:
        ending = _ending(name, content)
        if ending == ".ics":
            from commands.roster.files.calendar import read_calendar

            return read_calendar(content, names, given)
        if ending == ".xlsx":
            from commands.roster.files.sheet import rows_of_workbook

            rows, warnings = rows_of_workbook(content)
            return read_table(rows, names, given, warnings)
        return read_table(rows_of_text(content), names, given)
    except Bad as bad:
        return (bad.problem,)


def _ending(name: str, content: bytes) -> str:
    """What it is, by its name and by what is in it: both must agree. Raises `Bad`."""
    if len(content) > MOST_BYTES:
        raise Bad("too_big", count=MOST_BYTES // 1024 // 1024)
    if not content.strip():
        raise Bad("empty")
    ending = PurePath(name).suffix.lower()
    if ending in (".xlsm", ".xltm", ".xlsb"):
        raise Bad("macros")
    if content.startswith(_OLD_OFFICE):
        raise Bad("password" if _ENCRYPTED in content else "old_excel")
    if ending not in ENDINGS:
        raise Bad("unknown_kind")
    begin = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper()
    within = ".csv"
    if content.startswith(_ZIP):
        within = ".xlsx"
    elif begin.startswith(_CALENDAR):
        within = ".ics"
    if within != ending:
        raise Bad("renamed")
    return ending
