"""The bot's state folder: a few small private JSON files that survive a power cut."""

import json
import os
from pathlib import Path
from typing import Any


class StateFolder:
    """Files of this folder are readable by their owner only and replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Raises `OSError` if the folder cannot be made."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    def read(self, name: str) -> dict[str, Any]:
        """What was written under this name, or nothing. Raises `ValueError` for a broken file."""
        file = self.path / name
        if not file.exists():
            return {}
        value = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(value, dict):
            raise ValueError(f"{file} does not hold an object")
        return value

    def write(self, name: str, value: dict[str, Any]) -> None:
        """On return it is on the disk, or the earlier content still is."""
        file = self.path / name
        fresh = self.path / f"{name}.new"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(value, stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
        parent = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
