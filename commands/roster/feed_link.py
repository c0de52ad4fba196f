"""Links to calendar feeds: who may read which, in a token that nobody can make but we.

The link of an organisation is that of one contact point too. So it ends when they leave, when they
are no contact point any more, and when they ask for a new one.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Literal

from commands.people import row_id
from commands.world import World
from storage.store import Unit
from storage.tables import Person

PATH = "/rooster/"
_PURPOSE = "calendar feed"
_CODE = 16  # bytes
Kind = Literal["own", "partner"]
_KINDS: dict[str, Kind] = {"p": "own", "o": "partner"}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


def link(unit: Unit, world: World, person: Person, kind: Kind) -> str | None:
    """The address of a feed; None where the region has no public address."""
    calendar = world.region.calendar
    if calendar is None:
        return None
    return f"{calendar.address.rstrip('/')}{PATH}{_token(unit, person, kind)}.ics"


async def opened(unit: Unit, token: str) -> tuple[Person, Kind] | None:
    """Whose feed this is, and which; None alike for what is wrong, old or ended."""
    kind, number, version = _read(unit, token) or (None, 0, 0)
    person = await unit.session.get(Person, number)
    if person is None or kind is None or person.region_id != unit.region_id:
        return None
    if not person.active or person.feed_version != version:
        return None
    if kind == "partner" and not person.has_role("contact_point"):
        return None
    return person, kind


def _token(unit: Unit, person: Person, kind: Kind) -> str:
    meant = f"{_LETTERS[kind]}:{row_id(person)}:{person.feed_version}".encode()
    code = _code(unit.vault.code_keys(_PURPOSE)[0], meant)
    return base64.urlsafe_b64encode(code + meant).decode().rstrip("=")


def _read(unit: Unit, token: str) -> tuple[Kind, int, int] | None:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    code, meant = raw[:_CODE], raw[_CODE:]
    keys = unit.vault.code_keys(_PURPOSE)
    right = [hmac.compare_digest(_code(key, meant), code) for key in keys]
    if True not in right:
        return None
    letter, number, version = meant.decode().split(":")
    return _KINDS[letter], int(number), int(version)


def _code(key: bytes, meant: bytes) -> bytes:
    return hmac.new(key, meant, hashlib.sha256).digest()[:_CODE]
