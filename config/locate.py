"""Where in a TOML file a value stands, so that a problem can name its line.

tomllib gives no positions. This reads headers and `key =` from the outside in; when it cannot
follow any further it answers with the last line that it was sure of.
"""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """Line (from 1) of the value at `path`, such as ("people", 3, "functions")."""
    lines = text.splitlines()
    start, end, found, table = 0, len(lines), None, ""
    for position, part in enumerate(path):
        if isinstance(part, int):
            continue
        following = path[position + 1] if position + 1 < len(path) else 0
        nth = following if isinstance(following, int) else 0
        name = f"{table}.{part}" if table else part
        header = _header(lines, start, end, name, nth)
        if header is not None:
            table, found, start = name, header, header + 1
            end = _end_of_table(lines, start, end, name)
            continue
        if any(_names(line).startswith(f"{name}.") for line in lines[start:end]):
            table = name  # [clocks.calm] without a [clocks]
            continue
        assigned = _assignment(lines, start, end, part)
        if assigned is None:
            break
        found, start, table = assigned, assigned, ""
    return None if found is None else found + 1


def _names(line: str) -> str:
    """The dotted name in a header line; empty for any other line."""
    match = _HEADER.match(line)
    return match.group(1).replace(" ", "") if match else ""


def _header(lines: list[str], start: int, end: int, name: str, nth: int) -> int | None:
    seen = 0
    for number in range(start, end):
        if _names(lines[number]) == name:
            if seen == nth:
                return number
            seen += 1
    return None


def _end_of_table(lines: list[str], start: int, end: int, name: str) -> int:
    for number in range(start, end):
        header = _names(lines[number])
        if header and not header.startswith(f"{name}."):
            return number
    return end


def _assignment(lines: list[str], start: int, end: int, part: str) -> int | None:
    pattern = re.compile(rf"(?:^|[{{,.])\s*[\"']?{re.escape(part)}[\"']?\s*[.=]")
    for number in range(start, end):
        if not lines[number].lstrip().startswith("#") and pattern.search(lines[number]):
            return number
    return None
