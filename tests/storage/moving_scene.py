"""A used region on SQLite, an empty PostgreSQL, and what must be the same on both."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection, make_url
from sqlmodel import SQLModel

from storage.engine import open_engine
from storage.moving.marks import standing_or_mark
from storage.store import Store
from tests.commands.harness import Desk
from tests.kit.postgres import Postgres

POLICE = "politie_cvd1"
TABLES = SQLModel.metadata.sorted_tables


async def use(desk: Desk) -> None:
    """One case that is closed, and one that waits for RvdK and for VT's own duty."""
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    await desk[POLICE].taps("✅")
    await desk["vt_fo"].says("sluit")
    question = desk["vt_fo"].expects("Wat is de uitkomst?")
    await desk["vt_fo"].taps("1️⃣", question)
    await desk["vt_fo"].taps("✅", question)
    await desk["vt_fo"].says("alarm skm Centrum")
    await desk["vt_fo"].taps("1️⃣")
    for key in (POLICE, "om_ovj1"):
        await desk[key].taps("✅")
    await desk["om_ovj1"].says("afspraak politie: sporen vóór 18:00", desk.case_room())
    desk.expect_so_far()


def url_of(desk: Desk) -> str:
    """As the setting has it."""
    database = make_url(str(desk.store.engine.url)).database
    return f"sqlite+aiosqlite:///{database}"


def there(desk: Desk, url: str) -> Store:
    """The same region on another database."""
    store = desk.store
    return Store(open_engine(url), store._vault, store._log_key, store.region_id, store.now)


@asynccontextmanager
async def empty(desk: Desk, server: Postgres) -> AsyncIterator[Store]:
    """A database in which there is nothing."""
    name = await server.fresh()
    store = there(desk, server.url(name))
    try:
        yield store
    finally:
        await store.close()
        await server.drop(name)


def on(desk: Desk, store: Store) -> Desk:
    """The same phones; the bot has another database."""
    return replace(desk, store=store)


async def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as the program reads them."""
    async with store.view() as unit:
        connection = await unit.session.connection()
        return {table.name: await connection.run_sync(_rows, table) for table in TABLES}


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)


async def is_bare(store: Store) -> bool:
    """No table, or only tables without a row and without a mark."""
    standing = await standing_or_mark(store)
    if standing == "empty":
        return True
    return standing == "current" and not any((await everything(store)).values())


async def next_number(store: Store, table: Table) -> int:
    """The number that the next row of this table gets; it is used up by asking."""
    async with store.unit() as unit:
        connection = await unit.session.connection()
        name = connection.dialect.identifier_preparer.format_table(table)
        found = await connection.exec_driver_sql(
            f"SELECT nextval(pg_get_serial_sequence('{name}', 'id'))"
        )
        return int(found.scalar_one())


async def before_insert(store: Store, table: str, do: str) -> None:
    """Have PostgreSQL do this to every row that comes into the table."""
    function = f"CREATE FUNCTION harm() RETURNS trigger AS $$ BEGIN {do} END $$"
    await write(store, f"{function} LANGUAGE plpgsql")
    trigger = f"CREATE TRIGGER harm BEFORE INSERT ON {table}"
    await write(store, f"{trigger} FOR EACH ROW EXECUTE FUNCTION harm()")


async def write(store: Store, statement: str) -> None:
    """Have PostgreSQL do this."""
    async with store.unit() as unit:
        await (await unit.session.connection()).exec_driver_sql(statement)


def change(desk: Desk, statement: str, *values: str) -> None:
    """Change the file behind the bot's back."""
    database = make_url(str(desk.store.engine.url)).database or ""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)
