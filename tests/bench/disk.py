"""What the disk itself takes to keep 4 kB: the floor under every commit."""

import os
from pathlib import Path
from time import perf_counter

from tests.bench.figure import Samples, milliseconds

BLOCK = os.urandom(4096)


def fsync(folder: Path, samples: int) -> Samples:
    """Write 4 kB and wait until the disk has it, again and again, in this folder."""
    path = folder / "fsync"
    taken = []
    with path.open("wb", buffering=0) as file:
        for _ in range(samples):
            begun = perf_counter()
            file.write(BLOCK)
            os.fsync(file.fileno())
            taken.append(perf_counter() - begun)
    path.unlink()
    return milliseconds(taken)
