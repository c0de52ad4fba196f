"""A yes that was given stands: looked at all the time, so that one that comes and goes is seen."""

import asyncio

from tests.crash.database import rows
from tests.crash.region import Region

LOOK_EVERY_S = 0.2
_TAKEN = "SELECT id, acked_page_id, acked_at FROM chain WHERE acked_page_id IS NOT NULL"


class Acks:
    """Only where nobody takes a yes back. `undone` is what was taken and is so no more, or by
    another page, or at another moment."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._seen: dict[int, tuple[int, int]] = {}
        self.undone: list[str] = []

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """Hold what stands now against all that ever stood."""
        now = {number: (page, at) for number, page, at in rows(self._region.settings, _TAKEN)}
        for number, was in self._seen.items():
            if now.get(number) != was:
                self.undone.append(f"chain {number} was {was} and is {now.get(number)}")
        self._seen |= now
