"""Start the program from a process that has imported everything (`warm`), as
`asyncio.create_subprocess_exec` would from nothing."""

import asyncio
import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Protocol

ROOT = Path(__file__).parents[2]
WARM = Path(__file__).with_name("warm.py")
READY_WITHIN_S = 60.0  # guards against hanging only
LINE_LIMIT = 1 << 20


class Process(Protocol):
    """What both ways of starting give."""

    stdin: asyncio.StreamWriter | None
    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]: ...

    def send_signal(self, signal: signal.Signals) -> None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...


class WarmProcess:
    """A program that was started by the warm process."""

    def __init__(self, pid: int, ended: asyncio.StreamReader, said: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.stdin: asyncio.StreamWriter | None = None
        self.stdout: asyncio.StreamReader | None = None
        self.stderr: asyncio.StreamReader | None = None
        self.returncode: int | None = None
        self._waiting = asyncio.create_task(self._wait(ended, said))

    async def wait(self) -> int:
        return await asyncio.shield(self._waiting)

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]:
        """Write all of the input, read all of the output, wait for the end."""
        if self.stdin is not None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.stdin.write(input or b"")
                await self.stdin.drain()
            self.stdin.close()
        out, err = await asyncio.gather(_all_of(self.stdout), _all_of(self.stderr))
        await self.wait()
        return out, err

    def send_signal(self, signal: signal.Signals) -> None:
        """Raises `ProcessLookupError` when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, signal)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def _wait(self, ended: asyncio.StreamReader, said: asyncio.StreamWriter) -> int:
        code = int(await ended.readline())
        self.returncode = code
        said.close()
        if self.stdin is not None:
            self.stdin.close()
        return code


async def start(
    *command: str,
    folder: Path,
    environment: dict[str, str],
    errors: IO[bytes] | int = asyncio.subprocess.PIPE,
) -> WarmProcess:
    """`command`: module and arguments. Its input and output are pipes."""
    loop = asyncio.get_running_loop()
    connection = await _connected()
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    ours_err, theirs_err = os.pipe() if errors == asyncio.subprocess.PIPE else (None, errors)
    given = theirs_err if isinstance(theirs_err, int) else theirs_err.fileno()
    asked = {"command": command, "folder": str(folder), "environment": environment}
    theirs = [theirs_in, theirs_out, given]
    socket.send_fds(connection, [json.dumps(asked).encode() + b"\n"], theirs)
    for end in theirs if ours_err is not None else theirs[:2]:
        os.close(end)
    ended, said = await asyncio.open_unix_connection(sock=connection)
    process = WarmProcess(int(await ended.readline()), ended, said)
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(ours_in, "wb")
    )
    process.stdin = asyncio.StreamWriter(transport, protocol, None, loop)
    process.stdout = await _reading(ours_out)
    process.stderr = await _reading(ours_err) if ours_err is not None else None
    return process


async def _reading(pipe: int) -> asyncio.StreamReader:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb")
    )
    return reader


async def _all_of(reader: asyncio.StreamReader | None) -> bytes:
    return await reader.read() if reader is not None else b""


_address: list[str] = []  # of the warm process of this one


def _end(warm: subprocess.Popen[bytes], folder: str) -> None:
    warm.kill()
    warm.wait()
    shutil.rmtree(folder, ignore_errors=True)


async def _connected() -> socket.socket:
    if not _address:
        folder = tempfile.mkdtemp(prefix="kortelijn-warm-")
        _address.append(f"{folder}/warm")
        environment = {name: v for name, v in os.environ.items() if "KORTELIJN" not in name}
        warm = subprocess.Popen(  # noqa: ASYNC220 - returns at once; it dies with us
            [sys.executable, "-P", str(WARM), str(os.getpid()), _address[0]],
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(_end, warm, folder)
    connection = socket.socket(socket.AF_UNIX)
    async with asyncio.timeout(READY_WITHIN_S):
        while True:
            try:
                connection.connect(_address[0])
            except (FileNotFoundError, ConnectionRefusedError):
                await asyncio.sleep(0.02)
            else:
                return connection
