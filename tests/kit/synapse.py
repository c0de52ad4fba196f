"""A real Synapse for tests and the demo: its own folder, its own port, no traces.

Everything lives in one folder: configuration, SQLite database, media and log. Nothing is
fetched from or sent to other servers. The faults that a homeserver can have (stuck, killed,
restarted) can be played with `pause`, `resume`, `kill` and `start`.
"""

import asyncio
import contextlib
import hashlib
import hmac
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import aiohttp

from tests.kit.synapse_config import write_config

READY_WITHIN_S = 60.0  # guards against hanging; 2.5 s is usual
STOP_WITHIN_S = 10.0
TIED = Path(__file__).with_name("tied.py")
TRIES_FOR_A_PORT = 3  # somebody else may take a free port between our asking and Synapse


class SynapseFailed(Exception):
    """Synapse did not start or refused an administrative request; the message says why."""


class Synapse:
    """One homeserver process. `start` may be called again after `stop` or `kill`."""

    def __init__(
        self,
        folder: Path,
        *,
        server_name: str = "lage-dijk.example",
        bind: str = "127.0.0.1",
        port: int | None = None,
    ) -> None:
        """`bind` is the address to listen on, `port` is chosen at the first start if not given."""
        self.folder = folder
        self.server_name = server_name
        self.bind = bind
        self.port = port
        self._secret = secrets.token_hex(32)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @asynccontextmanager
    async def temporary(cls, *, bind: str = "127.0.0.1") -> AsyncIterator[Self]:
        """A started homeserver in a temporary folder; both are gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="kortelijn-synapse-"))
        synapse = cls(folder, bind=bind)
        try:
            await synapse.start()
            yield synapse
        finally:
            await synapse.stop()
            shutil.rmtree(folder)

    @property
    def base_url(self) -> str:
        """Where clients on this machine reach it."""
        host = "127.0.0.1" if self.bind == "0.0.0.0" else self.bind  # noqa: S104
        return f"http://{host}:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise SynapseFailed("Synapse is not running")
        return self._process.pid

    def user_id(self, name: str) -> str:
        return f"@{name}:{self.server_name}"

    async def start(self) -> None:
        """Start it and wait until it answers. Raises `SynapseFailed` with the end of its log."""
        if self.running:
            raise SynapseFailed("Synapse is already running")
        tries = 1 if self.port else TRIES_FOR_A_PORT
        chosen = self.port
        for rest in reversed(range(tries)):
            self.port = chosen or _free_port(self.bind)
            try:
                await self._launch()
            except SynapseFailed as failure:
                self.kill()
                if not rest or "Address already in use" not in str(failure):
                    raise
            else:
                return

    async def stop(self) -> None:
        """End it in good order, else by force. Does nothing if it does not run."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)  # a paused process cannot hear SIGTERM
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(process.wait, STOP_WITHIN_S)
        self.kill()

    def kill(self) -> None:
        """End it at once (SIGKILL), as a power cut would. Does nothing if it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Freeze it: connections stay open, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    async def register(self, name: str, password: str, *, admin: bool = False) -> str:
        """Make a user and return its user id. Raises `SynapseFailed` (name taken, say)."""
        url = f"{self.base_url}/_synapse/admin/v1/register"
        async with aiohttp.ClientSession() as session:
            async with session.get(url) as answer:
                nonce = (await answer.json())["nonce"]
            signed = [nonce, name, password, "admin" if admin else "notadmin"]
            mac = hmac.new(self._secret.encode(), "\0".join(signed).encode(), hashlib.sha1)
            request = {
                "nonce": nonce,
                "username": name,
                "password": password,
                "admin": admin,
                "mac": mac.hexdigest(),
                "inhibit_login": True,
            }
            async with session.post(url, json=request) as answer:
                body = await answer.json()
                if answer.status != 200:
                    raise SynapseFailed(f"registering {name}: {body.get('error')}")
                return str(body["user_id"])

    def log(self) -> str:
        """What it wrote: warnings, errors and what it said when it would not start."""
        files = (self.folder / "synapse.log", self.folder / "synapse.out")
        return "".join(f.read_text(errors="replace") for f in files if f.exists())

    async def _launch(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        assert self.port is not None
        config = write_config(
            self.folder,
            server_name=self.server_name,
            bind=self.bind,
            port=self.port,
            secret=self._secret,
        )
        command = [sys.executable, "-P", str(TIED), str(os.getpid()), "synapse.app.homeserver"]
        with (
            tempfile.TemporaryDirectory() as short,  # the path of a socket has a short limit
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices,
            (self.folder / "synapse.out").open("wb") as output,
        ):
            notices.setblocking(False)
            notices.bind(f"{short}/notices")
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [*command, "--config-path", str(config)],
                cwd=self.folder,
                env={**os.environ, "NOTIFY_SOCKET": f"{short}/notices"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal is for us to pass on, in order
            )
            await self._until_ready(notices)

    async def _until_ready(self, notices: socket.socket) -> None:
        """Wait for its own word (as to systemd) that it listens: on a port that was taken
        meanwhile, another server would answer for it."""
        assert self._process is not None
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise SynapseFailed(f"Synapse ended by itself:\n{self.log()[-2000:]}")
            with contextlib.suppress(BlockingIOError):
                if b"READY=1" in notices.recv(4096):
                    return
            await asyncio.sleep(0.02)
        raise SynapseFailed(f"Synapse was not ready in {READY_WITHIN_S} s:\n{self.log()[-2000:]}")


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
