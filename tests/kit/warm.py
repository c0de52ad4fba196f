"""A process that has imported everything, and becomes the program again and again.

    python -P warm.py PARENT_PID SOCKET

To import the bot takes two seconds of a processor, and the tests start it hundreds of times. Each
request comes over a connection of its own: what to run, and the three files that it reads and
writes. A child waits for it and answers its process id, and at its end its exit code. Nobody of
them outlives whoever made the process before it.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import tempfile
import threading
import traceback
from typing import Any, NoReturn

from tests.kit.tied import die_with_parent

MOST_BYTES = 1 << 20
IMPORTED = ("click", "bot.app", "bot.running", "bot.checking", "bot.roster_commands")


def serve(address: str) -> NoReturn:
    """Fork for every request until we are killed. Never returns."""
    for module in IMPORTED:
        importlib.import_module(module)
    if threading.active_count() != 1:  # a fork takes only one thread along, and all its locks
        raise RuntimeError(f"an import began a thread: {threading.enumerate()}")
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how our children ended
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        while True:
            connection, _ = listening.accept()
            own = os.getpid()
            if os.fork() == 0:
                listening.close()
                die_with_parent(own)
                answer(connection)
            connection.close()


def answer(connection: socket.socket) -> NoReturn:
    """Start what is asked for, and tell its process id and how it ended. Never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, files, _, _ = socket.recv_fds(connection, MOST_BYTES, 3)
    while not asked.endswith(b"\n"):
        asked += connection.recv(MOST_BYTES)
    own, program = os.getpid(), os.fork()
    if program == 0:
        connection.close()
        die_with_parent(own)
        become(json.loads(asked), files)
    for file in files:
        os.close(file)
    say(connection, program)
    _, status = os.waitpid(program, 0)
    say(connection, os.waitstatus_to_exitcode(status))
    os._exit(0)


def say(connection: socket.socket, number: int) -> None:
    connection.sendall(f"{number}\n".encode())


def become(asked: dict[str, Any], files: list[int]) -> NoReturn:
    """As if the interpreter had just been started with this."""
    os.setsid()
    for standard, file in enumerate(files):
        os.dup2(file, standard)
        os.close(file)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    tempfile.tempdir = None  # as this environment has it
    sys.argv = asked["command"]
    end_with(_run())


def _run() -> int:
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except BaseException:  # noqa: BLE001 - what ends any program
        traceback.print_exc()
        return 1
    return 0


def end_with(code: int) -> NoReturn:
    """As the interpreter does, but without taking everything apart: that copies all the memory
    that we share, and takes half a second. A thread that goes on holds us up, as it should."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    serve(sys.argv[2])
