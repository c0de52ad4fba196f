"""The example unit: what it promises, what systemd thinks of it, and that the bot works inside.

No test can have it run by systemd. What `systemd-analyze` can say without is asked, and the
strictest of its walls are put up around the real program by other means.
"""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import pytest

from bot import console
from bot.channels.fallback.push import Code
from config.settings import Settings
from tests.kit.gateway import Gateway
from tests.kit.phone import Phone
from tests.kit.postgres import Postgres
from tests.kit.synapse import TIED, Synapse
from tests.operations.service_unit import ANALYZE, UNIT, allowed_calls, directives
from tests.program.conftest import PASSWORD, Region, write_region
from tests.program.program import ROOT, free_port

ON = "yes"
PROMISED = {
    "NoNewPrivileges": ON,
    "PrivateTmp": ON,
    "ProtectHome": ON,
    "ProtectSystem": "strict",
    "MemoryDenyWriteExecute": ON,
    "CapabilityBoundingSet": "",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "UMask": "0077",
    "Restart": "always",
    "StartLimitIntervalSec": "0",  # however often it fails
    "RestartPreventExitStatus": str(console.WRONG),
}
STOPS_WITHIN_S = 5
EXPOSED_AT_MOST = 20  # of 100; a unit without any walls has 96
CONFINED = ROOT / "tests" / "operations" / "confined.py"
PUSH = ROOT / "bot" / "channels" / "fallback" / "push.py"
# The system to be read only but for one folder; the same mounts for a user without rights.
READ_ONLY = (
    *("unshare", "--map-root-user", "--mount", "sh", "-c"),
    'mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"',
)


def test_it_keeps_the_promises_of_the_handbook() -> None:
    found = directives()
    assert {name: found.get(name) for name in PROMISED} == {n: [v] for n, v in PROMISED.items()}
    assert int(found["TimeoutStopSec"][0]) > STOPS_WITHIN_S


def test_it_writes_only_where_its_data_are_and_agrees_with_the_documents() -> None:
    found = directives()
    given = dict(each.split("=", 1) for line in found["Environment"] for each in line.split())
    assert {name.removeprefix("KORTELIJN_").lower() for name in given} <= set(Settings.model_fields)
    data, config = given["KORTELIJN_DATA_DIR"], given["KORTELIJN_CONFIG_DIR"]
    assert found["ReadWritePaths"] == [data]
    assert found["StateDirectory"] == [data.removeprefix("/var/lib/")]
    home = found["WorkingDirectory"][0]
    assert found["ExecStart"] == [f"{home}/.venv/bin/python main.py run"]
    for document in ("README.md", "docs/operations.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for path in re.findall(r"/(?:srv|etc|var/lib)/kortelijn[\w-]*", text):
            assert path in (home, config, data), f"{document} names {path}"


@pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze: systemd's own opinion not asked")
def test_systemd_finds_no_fault_in_it_and_calls_it_well_closed(tmp_path: Path) -> None:
    """With a Python that exists here; what is missing would be a fault."""
    copy = tmp_path / UNIT.name
    there = directives()["ExecStart"][0].split()[0]
    copy.write_text(UNIT.read_text(encoding="utf-8").replace(there, sys.executable))
    verified = _systemd("verify", "--man=no", str(copy))
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    threshold = f"--threshold={EXPOSED_AT_MOST}"
    secure = _systemd("security", "--offline=yes", "--no-pager", threshold, str(copy))
    assert secure.returncode == 0, secure.stdout + secure.stderr


def _systemd(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


class Walled(Region):
    """The program inside the walls; its data folder is the only one that it can write to."""

    async def _start(
        self, arguments: tuple[str, ...], environment: dict[str, str], errors: Any
    ) -> asyncio.subprocess.Process:
        self.settings.data_dir.mkdir(mode=0o700, exist_ok=True)
        program = (sys.executable, "-P", str(TIED), str(os.getpid()), "main")
        inherited = {name: v for name, v in os.environ.items() if not name.startswith("KORTELIJN")}
        return await asyncio.create_subprocess_exec(
            *walls(self.settings.data_dir, self.folder.parent),
            *(*program, "--config", str(self.folder), *arguments),
            cwd=self.folder.parent,
            env={**inherited, "PYTHONPATH": str(ROOT), **self.environment, **environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )


def walls(data: Path, folder: Path) -> tuple[str, ...]:
    """What to put before a command. `folder` is for what it needs itself."""
    found = directives()
    families = [int(getattr(socket, name)) for name in found["RestrictAddressFamilies"][0].split()]
    calls = sorted(allowed_calls(found["SystemCallFilter"]))
    limits = folder / "limits.json"
    limits.write_text(json.dumps({"calls": calls, "families": families}))
    return (*READ_ONLY, str(data), sys.executable, "-P", str(CONFINED), str(limits))


def _why_no_walls() -> str | None:
    if ANALYZE is None or find_library("seccomp") is None:
        return "neither systemd-analyze nor libseccomp, to put up the walls of the unit"
    if shutil.which("unshare") is None:
        return "no unshare, to make the system read-only"
    tried = subprocess.run(
        [*READ_ONLY, tempfile.gettempdir(), "true"], capture_output=True, check=False
    )
    return None if tried.returncode == 0 else "this machine does not let us have mounts of our own"


@pytest.fixture
async def walled(tmp_path: Path) -> AsyncIterator[Walled]:
    if why := _why_no_walls():
        pytest.skip(why)
    region = Walled(tmp_path / "kortelijn")
    yield region
    await region.close()


async def test_inside_its_walls_it_talks_encrypted(walled: Walled, synapse: Synapse) -> None:
    walled.number = write_region(walled.folder, synapse.base_url, synapse.server_name)
    await synapse.register(walled.user("kortelijn"), PASSWORD)
    user = await synapse.register(walled.user("vt_fo"), PASSWORD)
    bot = synapse.user_id(walled.user("kortelijn"))
    async with Phone(synapse.base_url, user, PASSWORD, bot=bot) as phone:
        running = await (await walled.run()).ready()
        assert _is_inside(running.pid)
        await running.quiet()
        await phone.settle()
        assert await phone.says(phone.direct_room, "help")
        await phone.expects("alarm")
        phone.ignore_so_far()
        assert await running.stop() == 0


def _is_inside(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return {"NoNewPrivs:\t1", "Seccomp:\t2"} <= set(status.splitlines())


async def test_inside_its_walls_it_has_postgresql(walled: Walled, postgres: Postgres) -> None:
    walled.number = write_region(
        walled.folder, f"http://127.0.0.1:{free_port()}", "lage-dijk.example"
    )
    name = await postgres.fresh()
    running = await walled.run(KORTELIJN_DATABASE_URL=postgres.url(name))
    await running.until_logged("start_waits")  # for the homeserver; it has made its tables
    assert (await running.health())[0] == 503
    assert await running.stop() == 0
    await postgres.drop(name)


async def test_inside_its_walls_it_hands_over_an_sms(walled: Walled, tmp_path: Path) -> None:
    async with Gateway() as gateway:
        url = gateway.url().format(to="31000000001")
        given = json.dumps({"url": url, "text": "Bel 0800-2000.", "within_s": 60})
        code, _ = await _in_walls(tmp_path, (sys.executable, "-P", str(PUSH)), given)
        assert code == Code.ACCEPTED
        assert gateway.told("31000000001") == ["Bel 0800-2000."]


@pytest.mark.parametrize(
    ("forbidden", "refusal"),
    [
        ("open('beside', 'w')", "Read-only file system"),
        ("import mmap; mmap.mmap(-1, 4096, prot=7)", "Operation not permitted"),
        ("import os; os.chown('.', 1, 1)", "Operation not permitted"),
        ("import socket; socket.socket(socket.AF_NETLINK)", "Address family not supported"),
    ],
)
async def test_the_walls_hold(walled: Walled, tmp_path: Path, forbidden: str, refusal: str) -> None:
    """Else the tests before this one show nothing."""
    code, error = await _in_walls(tmp_path, (sys.executable, "-c", forbidden), "")
    assert code != 0
    assert refusal in error


async def _in_walls(folder: Path, command: tuple[str, ...], given: str) -> tuple[int, str]:
    data = folder / "data"
    data.mkdir()
    process = await asyncio.create_subprocess_exec(
        *(*walls(data, folder), *command),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, error = await process.communicate(given.encode())
    assert process.returncode is not None
    return process.returncode, error.decode()
