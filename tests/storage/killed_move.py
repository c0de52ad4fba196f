"""Move a database and die on the way: `python -m tests.storage.killed_move FROM TO WHERE`.

WHERE is a boundary of `storage.moving.move`, or `nowhere`. Key and region are those of the desk.
"""

import asyncio
import os
import signal
import sys

from storage.engine import open_engine
from storage.moving.move import move
from storage.sealing import Vault
from storage.store import Store
from tests.commands.harness import MASTER

REGION = "lage-dijk"


async def main(source: str, target: str, where: str) -> None:
    def reach(boundary: str) -> None:
        if boundary == where:
            os.kill(os.getpid(), signal.SIGKILL)

    await move(_store(source), _store(target), reach)


def _store(url: str) -> Store:
    return Store(open_engine(url), Vault([MASTER]), b"log", REGION, lambda: 0)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
