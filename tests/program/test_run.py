"""`main.py run` with and without a homeserver: what stops it, what it refuses."""

import contextlib
import signal
import sqlite3
import sys

import psutil
import pytest

from tests.program.conftest import MakeRegion, Region
from tests.program.program import free_port


async def test_it_stops_while_the_homeserver_is_away(make_region: MakeRegion) -> None:
    region = await make_region()
    running = await region.run()
    await running.until_logged("start_waits")
    status, health = await running.health()
    assert (status, health["ready"]) == (503, False)
    assert await running.stop() == 0
    assert running.logged("stopped")


async def test_it_stops_at_any_moment_of_its_start(make_region: MakeRegion) -> None:
    """Told right after the process exists, and a little later each time, until it is far."""
    region = await make_region()
    for lines_of_log in range(3):
        running = await region.run()
        await running.until_log_has(lines_of_log)
        code = await running.stop()
        # before Python reached our first line the signal ends the process itself
        assert code == 0 or (lines_of_log == 0 and code == -signal.SIGTERM)
    assert (await region.call("audit", "verify")).code == 0


async def test_a_second_one_on_the_folder_refuses(make_region: MakeRegion) -> None:
    region = await make_region()
    first = await region.run()
    await first.until_logged("start_waits")
    second = await region.call("run", KORTELIJN_HEALTH_PORT="0")
    assert second.code == 1
    assert f"Er draait al een bot op {region.settings.data_dir}" in second.err
    assert "Traceback" not in second.err
    assert first.alive
    assert (region.settings.data_dir / "running.lock").read_text() == str(first.pid)
    assert await first.stop() == 0
    third = await region.run()
    await third.until_logged("start_waits")  # the folder is free again
    assert await third.stop() == 0


async def test_a_taken_port_is_told(make_region: MakeRegion) -> None:
    one, other = await make_region(), await make_region()
    running = await one.run()
    await running.until_logged("start_waits")
    said = await other.call("run", KORTELIJN_HEALTH_PORT=str(one.port))
    assert said.code == 1
    assert f"127.0.0.1:{one.port}" in said.err
    assert "KORTELIJN_HEALTH_PORT" in said.err
    assert "Traceback" not in said.err


async def test_a_newer_database_is_refused_and_left_alone(started: Region) -> None:
    region = started
    with contextlib.closing(sqlite3.connect(region.database)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = _dump(region.database)
    for command in (("run",), ("audit", "verify")):
        said = await region.call(*command)
        assert said.code == 1
        assert "9999" in said.err
        assert "Werk dit programma bij." in said.err
        assert "Traceback" not in said.err
    said = await region.call("check")
    assert said.code == 1
    assert "❌ Database: is van een nieuwer programma (schema 9999)" in said.out
    assert _dump(region.database) == before


async def test_a_database_that_cannot_be_opened_is_told(make_region: MakeRegion) -> None:
    region = await make_region()
    region.settings.data_dir.mkdir(mode=0o700)
    region.database.mkdir()
    for command in ("run", "check"):
        said = await region.call(command)
        assert said.code == 1
        assert "unable to open database file" in said.err + said.out
        assert "Traceback" not in said.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the sockets of a process")
async def test_health_and_metrics_listen_on_loopback_only(make_region: MakeRegion) -> None:
    region = await make_region()
    running = await region.run()
    await running.until_logged("start_waits")
    sockets = psutil.Process(running.pid).net_connections(kind="inet")
    listening = {(it.laddr.ip, it.laddr.port) for it in sockets if it.status == "LISTEN"}
    assert listening == {("127.0.0.1", region.port)}
    elsewhere = await region.call("check", KORTELIJN_HEALTH_PORT=str(free_port()))
    assert "❌ Matrix: de bot draait, maar is niet klaar" in elsewhere.out
    assert await running.stop(signal.SIGINT) == 0


def _dump(path: object) -> list[str]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return list(database.iterdump())
