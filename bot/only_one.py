"""One running bot per data folder: two on one device would take each other's keys."""

import fcntl
import os
from pathlib import Path
from typing import TextIO


class AlreadyRunning(Exception):
    """Another process runs on this data folder."""


class OnlyOne:
    """Holds the folder until it is released, or until the process is gone in any way."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "running.lock"
        self._file: TextIO | None = None

    def take(self) -> None:
        """Raises `AlreadyRunning`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a")  # the other one's number must stay in it
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise AlreadyRunning(str(self._path.parent)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            self._file.close()
            self._file = None
