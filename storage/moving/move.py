"""A region's database moves to a PostgreSQL that is still empty: whole and compared, or not.

Two databases cannot commit together. So the copy is committed under a mark, then the old one is
marked, then the mark is taken off the copy. Whenever the program is killed, there is never more
than one database on which a bot starts, and the next call goes on or says what to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from storage.access_log import verify
from storage.moving.marks import Mark, standing_or_mark, write
from storage.moving.rows import content_of, count_on, has_rows, know_sizes, pour, take_time
from storage.schema import REVISIONS, Standing, migrate_within
from storage.store import Store, Unit

Boundary = Literal["copied", "marked"]


class NotMovable(Exception):
    """The database is empty, or of an older program: one that starts on it makes it current."""

    def __init__(self, found: Standing) -> None:
        super().__init__(f"the database to move is {found}")
        self.found = found


class AlreadyMoved(Exception):
    """The database was moved before."""

    def __init__(self, at: int) -> None:
        super().__init__("the database was moved before")
        self.at = at  # UTC epoch milliseconds


class NotEmpty(Exception):
    """Somebody uses the target, or a move to it was killed. Nothing there is touched."""


class Differs(Exception):
    """A table does not come out as it went in."""

    def __init__(self, table: str) -> None:
        super().__init__(f"the rows of {table} differ")
        self.table = table


class BrokenLog(Exception):
    """The access log has a gap, a change or a cut-off tail."""

    def __init__(self, number: int, before: int) -> None:
        super().__init__(f"the access log is broken at line {number}")
        self.number = number
        self.before = before  # lines that are right


@dataclass(frozen=True)
class Copied:
    """What was copied and compared."""

    tables: int
    rows: int
    log_lines: int


def _nothing(_boundary: Boundary) -> None:
    """Nobody waits at a boundary."""


async def move(
    source: Store, target: Store, reach: Callable[[Boundary], None] = _nothing
) -> Copied | None:
    """Copy, compare, and leave only the copy to run on. None: what was left of a move that was
    killed is done now. Nobody else may have the source open to write.

    Raises `NotMovable`, `AlreadyMoved`, `NotEmpty`, `Unfit`, `Differs`, `BrokenLog` and
    `NewerSchema`; then both databases are as they were.
    """
    if await _half_done(source, target) is not None:
        await _open(target)
        return None
    mark = Mark.fresh(source.now())
    async with source.unit() as old:
        async with target.unit() as new:
            copied = await _copy(old, new)
            await write(new, str(mark))
        reach("copied")
        await write(old, str(mark.other))
    reach("marked")
    await _open(target)
    return copied


async def rehearse(source: Store, target: Store) -> Copied:
    """The same beside a bot that runs; at the end the target is as empty as before.

    Raises what `move` raises.
    """
    done = await _half_done(source, target)
    if done is not None:
        raise AlreadyMoved(done.at)
    async with source.view() as old, target.trial() as new:
        return await _copy(old, new)


async def _half_done(source: Store, target: Store) -> Mark | None:
    """The mark of a move that was killed, if only to take it off the copy is left to do."""
    old, new = await standing_or_mark(source), await standing_or_mark(target)
    if isinstance(old, Mark):
        if new == old.other:
            return old
        raise AlreadyMoved(old.at)
    if old != "current":
        raise NotMovable(old)
    if isinstance(new, Mark):
        raise NotEmpty
    return None


async def _open(target: Store) -> None:
    async with target.unit() as unit:
        await write(unit, REVISIONS[-1])


async def _copy(old: Unit, new: Unit) -> Copied:
    source, target = old.session, new.session
    await take_time(target)
    await migrate_within(await target.connection())
    tables = SQLModel.metadata.sorted_tables  # who is referred to comes first
    for table in tables:
        if await has_rows(target, table):
            raise NotEmpty
    rows = 0
    for table in tables:
        read = await pour(source, target, table)
        if read != await content_of(target, table):
            raise Differs(table.name)
        await count_on(target, table)
        rows += read.rows
    verdict = await verify(new)
    if verdict.broken_at is not None:
        raise BrokenLog(verdict.broken_at, verdict.rows)
    await know_sizes(target)
    return Copied(len(tables), rows, verdict.rows)
