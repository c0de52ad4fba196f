"""The log of SQLite is copied by a thread, beside readers and writers, and never by a commit."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage import checkpoint
from storage.engine import open_engine


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'k.sqlite3'}")
    await do(engine, "CREATE TABLE thing (what TEXT)")
    yield engine
    await engine.dispose()


async def do(engine: AsyncEngine, statement: str) -> None:
    async with AsyncSession(engine) as session, session.begin():
        await session.execute(text(statement))


async def write(engine: AsyncEngine, times: int) -> None:
    for _ in range(times):
        await do(engine, "INSERT INTO thing VALUES (hex(zeroblob(4500)))")


def in_file(engine: AsyncEngine) -> int:
    """What stands in the file by itself, without its log."""
    path = Path(engine.url.database or "")
    alone = path.with_suffix(".alone")
    alone.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(alone)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM thing").fetchone()[0])
        except sqlite3.Error:
            return 0


async def test_no_commit_copies(engine: AsyncEngine) -> None:
    await write(engine, 400)  # SQLite itself would have copied after 1,000 pages
    assert in_file(engine) == 0


async def test_a_thread_copies_while_somebody_reads(engine: AsyncEngine) -> None:
    await write(engine, 10)
    async with AsyncSession(engine) as reader:
        await reader.execute(text("SELECT count(*) FROM thing"))
        written, copied = checkpoint.checkpoint(engine.url.database or "")
    assert written == copied > 0
    assert in_file(engine) == 10


async def test_the_log_stays_short_while_it_runs(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "EVERY_S", 0.01)
    running = asyncio.create_task(checkpoint.checkpoint_for_ever(engine))
    try:
        async with asyncio.timeout(20):
            while in_file(engine) < 20:
                await write(engine, 1)
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_file_that_cannot_be_copied_ends_nothing(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def refuse(path: str) -> None:
        tried.append(path)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(checkpoint, "EVERY_S", 0.01)
    monkeypatch.setattr(checkpoint, "checkpoint", refuse)
    running = asyncio.create_task(checkpoint.checkpoint_for_ever(engine))
    async with asyncio.timeout(20):
        while len(tried) < 2:
            await asyncio.sleep(0.01)
    assert not running.done()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def test_a_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    gone = tmp_path / "gone.sqlite3"
    with pytest.raises(sqlite3.OperationalError):
        checkpoint.checkpoint(str(gone))
    assert not gone.exists()
