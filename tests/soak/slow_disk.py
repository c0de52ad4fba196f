"""The bot on a disk that is slow to order: `python -m tests.soak.slow_disk run` is `main.py run`.

While the file `slow-disk` stands in its folder, every commit that writes takes so many milliseconds
longer as the file says, and everything in the program waits with it, as it does for a disk.
"""

import runpy
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import storage.sqlite

ORDER = "slow-disk"


class SlowConnection(storage.sqlite.DirectConnection):
    """Of the bot, with the layer between it and the disk."""

    def __init__(self, database: str, **options: Any) -> None:
        super().__init__(database, **options)
        self._written = 0

    def commit(self) -> None:
        """Who only read does not wait for the disk."""
        if self.total_changes != self._written:
            self._written = self.total_changes
            with suppress(FileNotFoundError, ValueError):
                time.sleep(int(Path(ORDER).read_text()) / 1000)
        super().commit()


def main() -> None:
    setattr(storage.sqlite, "DirectConnection", SlowConnection)  # noqa: B010 - a name of a module
    runpy.run_module("main", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
