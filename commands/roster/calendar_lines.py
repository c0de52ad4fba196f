"""The lines of a calendar file (RFC 5545). By hand: `icalendar` takes half a millisecond an entry,
and the calendar of a large organisation has fifteen hundred, fetched every hour (measured)."""

from collections.abc import Iterable
from datetime import UTC, datetime

_LONGEST = 75  # bytes of a line, without its end
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def text(name: str, value: str) -> str:
    """A property with a text."""
    return f"{name}:{value.translate(_ESCAPED)}"


def instant(name: str, ms: int) -> str:
    """A property with a time (UTC epoch milliseconds)."""
    return f"{name}:{datetime.fromtimestamp(ms // 1000, UTC):%Y%m%dT%H%M%SZ}"


def folded(lines: Iterable[str]) -> bytes:
    """The file: long lines go on after a space, never within a letter."""
    return b"".join(part + b"\r\n" for line in lines for part in _parts(line.encode()))


def _parts(line: bytes) -> Iterable[bytes]:
    space = b""
    while len(space) + len(line) > _LONGEST:
        cut = _LONGEST - len(space)
        while line[cut] & 0xC0 == 0x80:  # the middle of a letter
            cut -= 1
        yield space + line[:cut]
        line, space = line[cut:], b" "
    yield space + line
