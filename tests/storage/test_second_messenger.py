"""A database of before the second messenger: its rows go on, at places that name theirs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection

import storage
from storage.engine import open_engine

_PERSON = """INSERT INTO person (id, region_id, key, partner, label, roles, functions, active)
    VALUES (12, 'r', 'k', 'om', 'l', 'duty', 'ovj', true)"""
_IDENTITY = """INSERT INTO identity (id, person_id, channel, address)
    VALUES (1, 12, 'matrix', '@ovj1')"""
_OUTBOX = text("""INSERT INTO outbox (key, region_id, channel, destination, lane, kind, payload,
    loud, state, attempts, created_at)
    VALUES (:place, 'r', 'matrix', :place, 0, 'say', '', false, 'pending', 0, 1)""")
_POST = text("""INSERT INTO post (region_id, channel, destination, room, slot, event_id, actions,
    reactions, posted_at) VALUES ('r', 'matrix', :place, '!a', 's', '$a', '[]', '[]', 1)""")
_TIMER = text("""INSERT INTO timer (region_id, kind, subject, argument, due_at, state, attempts)
    VALUES ('r', :kind, 'person\\:12', '', 1, 'live', 0)""")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _one_column(connection: Connection, question: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(text(question))]


def _places(connection: Connection) -> tuple[list[str], list[str], list[str]]:
    return (
        _one_column(connection, "SELECT destination FROM outbox ORDER BY id"),
        _one_column(connection, "SELECT destination FROM post ORDER BY id"),
        _one_column(connection, "SELECT subject FROM timer ORDER BY id"),
    )


def _there_and_back(connection: Connection) -> None:
    command.upgrade(_config(connection), "0004")
    connection.exec_driver_sql(_PERSON)
    connection.exec_driver_sql(_IDENTITY)
    for place in ("person:12", "case:5", "group", "room:!a:b"):
        connection.execute(_OUTBOX, {"place": place})
    for place in ("person:12", "case:5", "group"):
        connection.execute(_POST, {"place": place})
    for kind in ("words_forget", "test_page"):
        connection.execute(_TIMER, {"kind": kind})
    before = _places(connection)
    command.upgrade(_config(connection), "0005")
    assert _places(connection) == (
        ["person:12:matrix", "case:5", "group:matrix", "room:!a:b"],
        ["person:12:matrix", "case:5", "group:matrix"],
        ["person:12:matrix", "person:12"],
    )
    assert _one_column(connection, "SELECT count(*) FROM identity WHERE preferred") == ["0"]
    command.downgrade(_config(connection), "0004")
    assert _places(connection) == before


async def test_places_name_their_messenger_and_lose_it_again(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_there_and_back)
    finally:
        await engine.dispose()
