"""`main.py audit verify` proves the access log, or names the first broken line."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from bot.checking import verdict_on_log
from config.load import load
from tests.program.conftest import Region

# After the first start: a line for each of the people, and one for the roster.
LINES = 16
TAMPERED = {
    "a line is changed": (["UPDATE access_log SET what = 'iets' WHERE number = 5"], 5),
    "a moment is changed": (["UPDATE access_log SET at = at + 1 WHERE number = 9"], 9),
    "a person is taken out": (["UPDATE access_log SET on_behalf = NULL WHERE number = 3"], 3),
    "the first line is gone": (["DELETE FROM access_log WHERE number = 1"], 1),
    "a line in the middle is gone": (["DELETE FROM access_log WHERE number = 7"], 7),
    "it is gone and the rest moved up": (
        [
            "DELETE FROM access_log WHERE number = 7",
            "UPDATE access_log SET number = -number",
            "UPDATE access_log SET number = -number - (number < -7)",
        ],
        7,
    ),
    "two lines changed places": (
        [
            "UPDATE access_log SET number = -4 WHERE number = 4",
            "UPDATE access_log SET number = 4 WHERE number = 6",
            "UPDATE access_log SET number = 6 WHERE number = -4",
        ],
        4,
    ),
    "the tail is cut off": (["DELETE FROM access_log WHERE number > 12"], 13),
    "the tail is cut off and the head put back": (
        [
            "DELETE FROM access_log WHERE number > 12",
            "UPDATE log_head SET number = 12, mac = (SELECT mac FROM access_log WHERE number = 12)",
        ],
        13,
    ),
    "everything is gone": (["DELETE FROM access_log", "DELETE FROM log_head"], 1),
    "a line is added": (
        [
            "CREATE TEMP TABLE copy AS SELECT * FROM access_log ORDER BY number DESC LIMIT 1",
            "UPDATE copy SET id = NULL, number = number + 1",
            "INSERT INTO access_log SELECT * FROM copy",
        ],
        LINES + 1,
    ),
}


async def test_the_command_proves_it_or_names_the_line(started: Region) -> None:
    said = await started.call("audit", "verify")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"✅ Toegangslog heel: {LINES} regels.")
    kept = started.folder.parent / "kept.sqlite3"
    shutil.copy(started.database, kept)
    for what in ("a line in the middle is gone", "the tail is cut off"):
        statements, number = TAMPERED[what]
        _tamper(started.database, statements)
        said = await started.call("audit", "verify")
        assert (said.code, said.out) == (1, ""), what
        assert f"❌ Toegangslog gebroken bij regel {number}." in said.err
        shutil.copy(kept, started.database)
    assert (await started.call("audit", "verify")).code == 0, "verifying changes nothing"


async def test_every_way_of_tampering_shows(started: Region) -> None:
    configuration = load(started.settings)
    kept = started.folder.parent / "kept.sqlite3"
    shutil.copy(started.database, kept)
    found = {}
    for what, (statements, _) in TAMPERED.items():
        _tamper(started.database, statements)
        whole, said = await verdict_on_log(started.settings, configuration)
        assert not whole, what
        found[what] = said.params["number"]
        shutil.copy(kept, started.database)
    assert found == {what: number for what, (_, number) in TAMPERED.items()}


async def test_check_tells_it_too_and_another_key_does_not_fit(started: Region) -> None:
    key = started.folder / "secrets" / "log.key"
    key.write_text("A" * 43 + "=\n")
    said = await started.call("check")
    assert said.code == 1
    assert "❌ Toegangslog: gebroken bij regel 1" in said.out


def _tamper(database: Path, statements: list[str]) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
