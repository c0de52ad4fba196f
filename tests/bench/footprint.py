"""How much memory the bot takes, and how long it needs until it is ready."""

from dataclasses import dataclass

from tests.bench.figure import Samples
from tests.bench.house import House


@dataclass(frozen=True)
class Memory:
    """MB (10⁶ bytes): `resident` counts shared libraries as well, `own` does not."""

    resident: float
    own: float

    def __str__(self) -> str:
        return f"{self.resident:.0f} MB (own {self.own:.0f})"


def memory(house: House) -> Memory:
    """As it stands now."""
    return Memory(*house.program.memory())


async def starts(house: House, samples: int) -> Samples:
    """Seconds from starting the process until `/health` says ready, on a database in use."""
    taken = []
    for _ in range(samples):
        await house.program.stop()
        taken.append(await house.program.start())
        await house.program.quiet()
    return Samples(tuple(taken), "s")
