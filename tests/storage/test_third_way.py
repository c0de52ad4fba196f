"""A database of before the third way out: its pages go on, and an older program gets none of it."""

from pathlib import Path

from alembic import command
from sqlalchemy import text
from sqlalchemy.engine import Connection

from storage.engine import open_engine
from tests.storage.test_second_messenger import _PERSON, _config, _one_column

_CASE = """INSERT INTO "case" (id, region_id, state, version, wrapped_key, initiator_id, channel)
    VALUES (1, 'r', 'open', 0, 'k', 12, 'matrix')"""
_CHAIN = """INSERT INTO chain (id, case_id, partner, function, position, candidates, notices)
    VALUES (1, 1, 'om', 'ovj', 0, '[]', 0)"""
_PAGE = """INSERT INTO page (id, case_id, chain_id, person_id, role, state, due_at, queued_at)
    VALUES (1, 1, 1, 12, 'primary', 'called', 2, 1)"""
_OUTBOX = text("""INSERT INTO outbox (key, region_id, channel, destination, lane, kind, payload,
    loud, state, attempts, created_at)
    VALUES (:channel, 'r', :channel, :place, 0, 'say', '', false, 'pending', 0, 1)""")


def _there_and_back(connection: Connection) -> None:
    command.upgrade(_config(connection), "0005")
    for statement in (_PERSON, _CASE, _CHAIN, _PAGE):
        connection.exec_driver_sql(statement)
    command.upgrade(_config(connection), "0006")
    assert _one_column(connection, "SELECT fallback_at FROM page") == ["None"]
    connection.exec_driver_sql("UPDATE page SET fallback_at = 1783690920000, fallback_by = 'sms'")
    connection.execute(_OUTBOX, {"channel": "matrix", "place": "person:12:matrix"})
    connection.execute(_OUTBOX, {"channel": "fallback", "place": "person:12:fallback:sms"})
    command.downgrade(_config(connection), "0005")
    assert _one_column(connection, "SELECT channel FROM outbox") == ["matrix"]
    assert _one_column(connection, "SELECT state FROM page") == ["called"]
    command.upgrade(_config(connection), "0006")
    assert _one_column(connection, "SELECT fallback_by FROM page") == ["None"]


async def test_pages_get_their_columns_and_lose_them_again(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite3")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_there_and_back)
    finally:
        await engine.dispose()
