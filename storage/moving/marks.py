"""What a move writes where the number of the schema stands.

Every program refuses a number that it does not know, also one that is older than this module.
So a database with a mark is nobody's to run on, whichever settings are left somewhere.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from storage.schema import NewerSchema, Standing, standing
from storage.store import Store, Unit

_FORM = re.compile(r"(moving|moved)-([0-9]+)-([0-9a-f]{8})")
_WRITE = text("UPDATE alembic_version SET version_num = :number")


@dataclass(frozen=True)
class Mark:
    """`moving` stands in a copy until the database it comes from is `moved`."""

    kind: Literal["moving", "moved"]
    at: int  # UTC epoch milliseconds
    token: str  # the same on both sides, and drawn for every move

    @staticmethod
    def fresh(now: int) -> "Mark":
        """For a move that begins."""
        return Mark("moving", now, secrets.token_hex(4))

    @property
    def other(self) -> "Mark":
        """What stands on the other side of the same move."""
        return Mark("moved" if self.kind == "moving" else "moving", self.at, self.token)

    def __str__(self) -> str:
        return f"{self.kind}-{self.at}-{self.token}"


def mark_in(revision: str) -> Mark | None:
    """The mark, if this is not the number of a schema."""
    found = _FORM.fullmatch(revision)
    if found is None:
        return None
    return Mark("moved" if found[1] == "moved" else "moving", int(found[2]), found[3])


async def standing_or_mark(store: Store) -> Standing | Mark:
    """How a database stands. Raises `NewerSchema` if neither we nor a move wrote it."""
    try:
        return await standing(store.engine)
    except NewerSchema as newer:
        mark = mark_in(newer.revision)
        if mark is None:
            raise
        return mark


async def write(unit: Unit, number: str) -> None:
    """Put a mark, or the number of a schema, into the database."""
    await unit.session.exec(_WRITE, params={"number": number})  # type: ignore[call-overload]
