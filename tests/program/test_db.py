"""`main.py db backup` and `main.py db move`, and what a bot says that starts on the wrong one."""

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from storage.engine import open_engine
from storage.schema import migrate
from tests.kit.postgres import USER, Postgres
from tests.program.conftest import MakeRegion, Region
from tests.program.program import Said, free_port
from tests.program.test_audit import LINES

SETTING = "KORTELIJN_DATABASE_URL"
PASSWORD = "niemandsgeheim"


@pytest.fixture
async def server(postgres: Postgres) -> AsyncIterator[str]:
    """The address of an empty database."""
    name = await postgres.fresh()
    yield postgres.url(name).replace(f"{USER}@", f"{USER}:{PASSWORD}@")
    await postgres.drop(name)


# ---- backup


async def test_a_backup_beside_a_running_bot_can_be_started_on(
    make_region: MakeRegion, tmp_path: Path
) -> None:
    region = await make_region()
    running = await region.run()
    await running.until_logged("start_waits")
    copies = tmp_path / "back-ups"
    copies.mkdir()
    said = await region.call("db", "backup", str(copies / "a.sqlite3"))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"✅ Back-up in {copies}/a.sqlite3, ")
    assert f"✅ Toegangslog heel: {LINES} regels." in said.out
    assert [path.name for path in copies.iterdir()] == ["a.sqlite3"], "nothing else stays"
    assert (copies / "a.sqlite3").stat().st_mode & 0o077 == 0
    assert running.alive
    assert await running.stop() == 0

    before = _dump(copies / "a.sqlite3")
    for path in region.settings.data_dir.glob("kortelijn.sqlite3*"):
        path.unlink()
    shutil.copy(copies / "a.sqlite3", region.database)
    assert (await region.call("audit", "verify")).code == 0
    assert _dump(region.database) == before
    running = await region.run()
    await running.until_logged("start_waits")
    assert await running.stop() == 0


async def test_no_file_is_replaced_and_none_is_made_of_what_is_not_there(
    started: Region, make_region: MakeRegion, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("van gisteren")
    said = await started.call("db", "backup", str(kept))
    assert (said.code, said.out) == (1, "")
    assert said.err == f"{kept} bestaat al. Kies een andere naam.\n"
    assert kept.read_text() == "van gisteren"

    fresh = await make_region()
    said = await fresh.call("db", "backup", str(tmp_path / "new"))
    assert said.code == 1
    assert said.err == f"Er is geen database in {fresh.database}.\n"
    assert not (tmp_path / "new").exists()
    assert not fresh.database.exists()

    said = await started.call("db", "backup", str(tmp_path / "nowhere" / "new"))
    assert said.code == 1
    assert "Traceback" not in said.err
    assert (await started.call("db", "backup")).code == 2


async def test_a_copy_that_is_not_right_gets_no_name(started: Region, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite3"
    shutil.copy(started.database, kept)
    for harm, words in {
        "UPDATE access_log SET what = 'iets' WHERE number = 5": "gebroken bij regel 5",
        "UPDATE alembic_version SET version_num = '9999'": "schema 9999",
        "DELETE FROM person": "SQLite vindt de database beschadigd",  # who is referred to
    }.items():
        _change(started.database, harm)
        said = await started.call("db", "backup", str(tmp_path / "a"))
        assert (said.code, said.out) == (1, ""), harm
        assert said.err.startswith("❌ Geen back-up"), harm
        assert words in said.err
        shutil.copy(kept, started.database)
    _tear(started.database)
    said = await started.call("db", "backup", str(tmp_path / "a"))
    assert said.code == 1
    assert "Traceback" not in said.err
    assert not [name for name in os.listdir(tmp_path) if name.startswith("a")]


async def test_on_postgresql_it_names_the_command(started: Region, tmp_path: Path) -> None:
    url = f"postgresql+psycopg://bot:{PASSWORD}@db.example:5433/regio"
    said = await started.call("db", "backup", "mijn kopie", KORTELIJN_DATABASE_URL=url)
    assert (said.code, said.out) == (1, "")
    command = "pg_dump --format=custom '--file=mijn kopie' --host=db.example --port=5433"
    assert f"{command} --username=bot regio\n" in said.err
    assert PASSWORD not in said.err


# ---- move


async def test_while_the_bot_runs_it_is_a_rehearsal_and_then_it_is_real(
    make_region: MakeRegion, server: str
) -> None:
    region = await make_region()
    running = await region.run()
    await running.until_logged("start_waits")
    said = await region.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert (said.code, said.out) == (1, ""), "nobody may switch by it"
    assert said.err.startswith("Dit was een proef, want de bot draait.")
    assert "Nu echt: stop de bot" in said.err
    assert _figures(said)
    assert await _tables(server) == []
    assert running.alive
    assert await running.stop() == 0

    said = await region.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("✅ Verhuisd naar 127.0.0.1:")
    assert _figures(said) == _rows_of(region.database)
    assert PASSWORD not in said.out

    await _the_old_one_says_where_to_go(region)
    there = {SETTING: server}
    assert f"heel: {LINES} regels" in (await region.call("audit", "verify", **there)).out
    assert "✅ Database: werkt\n" in (await region.call("check", **there)).out
    running = await region.run(**there)
    await running.until_logged("start_waits")
    assert await running.stop() == 0
    said = await region.call("db", "move", KORTELIJN_MOVE_TO=server, **there)
    assert said.err == "Deze regio staat al op PostgreSQL. Er is niets te verhuizen.\n"


async def _the_old_one_says_where_to_go(region: Region) -> None:
    before = _dump(region.database)
    for command in (("run",), ("audit", "verify"), ("db", "backup", "kopie")):
        said = await region.call(*command)
        assert (said.code, said.out) == (1, ""), command
        assert "verhuisd naar PostgreSQL" in said.err, command
        assert "Zet KORTELIJN_DATABASE_URL op de nieuwe database." in said.err
        assert "Traceback" not in said.err
    said = await region.call("check")
    assert said.code == 1
    assert re.search(r"❌ Database: is op .+ verhuisd naar PostgreSQL\.", said.out)
    assert _dump(region.database) == before


async def test_a_copy_that_is_not_finished_is_nobodys(started: Region, server: str) -> None:
    assert (await started.call("db", "move", KORTELIJN_MOVE_TO=server)).code == 0
    mark = _one(started.database, "SELECT version_num FROM alembic_version")
    mark = mark.replace("moved", "moving")
    await _on(server, "UPDATE alembic_version SET version_num = %s", mark)
    for command in ("run", "check"):
        said = await started.call(command, KORTELIJN_DATABASE_URL=server)
        assert said.code == 1
        assert "kopie van een verhuizing die op" in said.out + said.err
    said = await started.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert (said.code, said.err) == (0, "")
    assert "✅ Verhuisd naar" in said.out
    assert (await started.call("audit", "verify", KORTELIJN_DATABASE_URL=server)).code == 0


async def test_a_newer_schema_is_refused_there_too(started: Region, server: str) -> None:
    engine = open_engine(server)
    await migrate(engine)
    await engine.dispose()
    await _on(server, "UPDATE alembic_version SET version_num = '9999'")
    newer = "van een nieuwer programma (schema 9999). Werk dit programma bij."
    for command in (("run",), ("audit", "verify")):
        said = await started.call(*command, KORTELIJN_DATABASE_URL=server)
        assert (said.code, said.out) == (1, "")
        assert newer in said.err
        assert "Traceback" not in said.err
    said = await started.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert (said.code, newer in said.err) == (1, True)
    said = await started.call("check", KORTELIJN_DATABASE_URL=server)
    assert said.code == 1
    assert "❌ Database: is van een nieuwer programma (schema 9999)" in said.out
    assert await _on(server, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert await _on(server, "SELECT id FROM person") == [], "nobody was written into it"


async def test_it_refuses_in_both_languages(started: Region, server: str) -> None:
    await _on(server, "CREATE TABLE person (id integer)")
    said = await started.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert said.code == 1
    assert "lukt niet (ProgrammingError: 42P07)" in said.err
    await _on(server, "DROP TABLE person")

    _change(started.database, "UPDATE access_log SET what = 'iets' WHERE number = 5")
    said = await started.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert (said.code, said.out) == (1, "")
    assert "❌ Toegangslog gebroken bij regel 5. De 4 regels ervoor kloppen." in said.err
    assert await _tables(server) == []

    started.edit("region.toml", 'language = "nl"', 'language = "en"')
    said = await started.call("db", "move", KORTELIJN_MOVE_TO=server)
    assert "❌ Access log broken at line 5." in said.err
    away = re.sub(r":\d+/", f":{free_port()}/", server)
    said = await started.call("db", "move", KORTELIJN_MOVE_TO=away)
    assert said.code == 1
    assert re.match(r"Moving to 127\.0\.0\.1:\d+/\w+ fails \(OperationalError", said.err)
    assert PASSWORD not in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--to", "kortelijn"),
        ("--to", "sqlite+aiosqlite:///a.sqlite3"),
        ("--to", f"postgresql://bot:{PASSWORD}@db.example/regio"),
        ("--to", f"postgresql+psycopg://bot:{PASSWORD}@db.example"),
        ("--to", f"postgresql+psycopg://bot:{PASSWORD}@db.example/regio", "nog", "iets"),
        (f"--naar=postgresql+psycopg://bot:{PASSWORD}@db.example/regio",),
    ],
)
async def test_a_wrong_address_is_a_wrong_command_and_never_repeated(
    started_once: Region, arguments: tuple[str, ...]
) -> None:
    said = await started_once.call("db", "move", *arguments)
    assert (said.code, said.out) == (2, "")
    assert PASSWORD not in said.err
    assert "Traceback" not in said.err


def _figures(said: Said) -> int:
    """How many rows were copied and compared."""
    text = said.out + said.err
    found = re.search(
        r"(\d+) rijen in \d+ tabellen gekopieerd en vergeleken, toegangslog heel: (\d+) regels\. "
        r"Dat duurde \d+ s\.",
        text,
    )
    assert found, text
    assert int(found[2]) == LINES
    return int(found[1])


def _rows_of(database: Path) -> int:
    """All of them, but for the one that tells the schema."""
    rows = [line for line in _dump(database) if line.startswith("INSERT INTO")]
    return len([row for row in rows if "alembic_version" not in row])


def _one(database: Path, question: str) -> str:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return str(connection.execute(question).fetchone()[0])


def _change(database: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)


def _tear(database: Path) -> None:
    """As a disk does that loses a block."""
    content = bytearray(database.read_bytes())
    content[8192:12288] = b"\xaa" * 4096
    database.write_bytes(content)


def _dump(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return list(database.iterdump())


async def _on(url: str, statement: str, *values: str) -> list[tuple[str, ...]]:
    plain = url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(plain) as connection:
        cursor = await connection.execute(statement.encode(), values)
        return await cursor.fetchall() if cursor.description else []


async def _tables(url: str) -> list[tuple[str, ...]]:
    return await _on(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
