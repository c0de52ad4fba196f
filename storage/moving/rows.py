"""The rows of one table: poured from one database into another, and what they add up to."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Numeric, Table, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

_IN_PARTS = {"yield_per": 2_000}  # rows in memory at once
_DIGITS = 15  # of a fingerprint: as many as fit a number of PostgreSQL
_ROW = "r"
_HEX = f"encode(sha256(convert_to(row_to_json({_ROW})::text, 'UTF8')), 'hex')"
_NUMBER = f"('x' || left({_HEX}, {_DIGITS}))::bit({4 * _DIGITS})::bigint"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Unfit(Exception):
    """A table has a value that PostgreSQL does not take; which one is not told: it is data."""

    def __init__(self, table: str) -> None:
        super().__init__(f"PostgreSQL does not take the rows of {table}")
        self.table = table


@dataclass(frozen=True)
class Content:
    """How many rows, and the sum of their fingerprints: the same in whatever order they come,
    for two databases do not sort words alike."""

    rows: int
    sum: int


async def pour(source: AsyncSession, target: AsyncSession, table: Table) -> Content:
    """Copy every row into a table of PostgreSQL; what was read adds up to the answer.

    Raises `Unfit`.
    """
    connection = await target.connection()
    names = [column.name for column in table.columns]
    quoted = connection.dialect.identifier_preparer
    columns = ", ".join(quoted.quote(name) for name in names)
    statement = f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN"
    driver: Any = (await connection.get_raw_connection()).driver_connection
    found = await source.stream(select(table), execution_options=_IN_PARTS)
    count = total = 0
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copying:
            async for part in found.partitions():
                for row in part:
                    await copying.write_row(row)
                    total += _fingerprint(_json(dict(zip(names, row, strict=True))))
                count += len(part)
    except (psycopg.DataError, psycopg.IntegrityError):
        raise Unfit(table.name) from None
    except psycopg.Error as trouble:
        raise DBAPIError(statement, None, trouble) from trouble
    return Content(count, total)


def _fingerprint(row: str) -> int:
    return int(hashlib.sha256(row.encode()).hexdigest()[:_DIGITS], 16)


async def content_of(session: AsyncSession, table: Table) -> Content:
    """What stands in a table of PostgreSQL now, in its own words and by its own sums."""
    rows = select(*table.columns).subquery(_ROW)
    added_up = func.coalesce(func.sum(literal_column(_NUMBER, Numeric)), 0)
    connection = await session.connection()
    found = await connection.execute(select(func.count(), added_up).select_from(rows))
    count, total = found.one()
    return Content(count, int(total))


async def has_rows(session: AsyncSession, table: Table) -> bool:
    """Whether anybody has used it."""
    connection = await session.connection()
    return (await connection.execute(select(1).select_from(table).limit(1))).first() is not None


async def count_on(session: AsyncSession, table: Table) -> None:
    """The next row of a PostgreSQL table gets the number after the highest one in it."""
    column = table.autoincrement_column
    if column is None:
        return
    connection = await session.connection()
    name = connection.dialect.identifier_preparer.format_table(table)
    sequence = func.pg_get_serial_sequence(name, column.name)
    highest = func.max(column)
    following = func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))
    await connection.execute(select(following))


async def take_time(session: AsyncSession) -> None:
    """PostgreSQL throws out who stands still in a transaction (`storage.engine`); walking a long
    access log looks like that."""
    statement = text("SET LOCAL idle_in_transaction_session_timeout = 0")
    await (await session.connection()).execute(statement)


async def know_sizes(session: AsyncSession) -> None:
    """PostgreSQL plans by what it knows of its tables. It looks by itself after a minute; until
    then the first pages would wait for bad plans."""
    await (await session.connection()).execute(text("ANALYZE"))
