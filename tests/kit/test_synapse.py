"""The homeserver can be broken and mended, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.kit.synapse import Synapse, SynapseFailed

STARTS_ONE = """
import asyncio, pathlib, sys
from tests.kit.synapse import Synapse
async def main():
    synapse = Synapse(pathlib.Path(sys.argv[1]))
    await synapse.start()
    print(synapse.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30  # guards against hanging only
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


async def test_it_keeps_its_users_over_a_kill_and_leaves_nothing() -> None:
    async with Synapse.temporary() as synapse:
        pid, folder, address = synapse.pid, synapse.folder, synapse.base_url
        await synapse.register("vt", "geheim")
        synapse.kill()
        assert not psutil.pid_exists(pid)
        await synapse.start()
        assert synapse.base_url == address
        with pytest.raises(SynapseFailed, match="registering vt: User ID already taken"):
            await synapse.register("vt", "geheim")
        pid = synapse.pid
        synapse.pause()  # a frozen one must be ended too
    assert not psutil.pid_exists(pid)
    assert not folder.exists()


async def test_a_paused_server_answers_nothing_until_it_is_resumed(synapse: Synapse) -> None:
    timeout = aiohttp.ClientTimeout(total=0.5)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        synapse.pause()
        try:
            with pytest.raises(asyncio.TimeoutError):
                await session.get(f"{synapse.base_url}/health")
        finally:
            synapse.resume()
    async with aiohttp.ClientSession() as session, session.get(f"{synapse.base_url}/health") as ok:
        assert ok.status == 200


async def test_why_it_does_not_start_is_said(tmp_path: Path, synapse: Synapse) -> None:
    second = Synapse(tmp_path, port=synapse.port)
    with pytest.raises(SynapseFailed, match="Address already in use"):
        await second.start()
    assert not second.running


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is a Linux call")
def test_it_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert parent.stdout is not None
    with parent.stdout:
        synapse = psutil.Process(int(parent.stdout.readline()))
    assert synapse.is_running()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not synapse.is_running() or synapse.status() == "zombie", "Synapse still runs")
