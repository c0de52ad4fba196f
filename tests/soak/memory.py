"""How much memory a process holds, and whether that grows."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

import psutil

KB = 1024
Sample = tuple[float, float]  # seconds since the first, kB resident


@dataclass
class Memory:
    """Samples of one process."""

    samples: list[Sample] = field(default_factory=list)

    async def watch(self, pid: Callable[[], int | None], every_s: float) -> None:
        """Until cancelled. What is dead at a moment is not sampled then."""
        begun = monotonic()
        while True:
            number = pid()
            if number is not None:
                self.samples.append(
                    (monotonic() - begun, psutil.Process(number).memory_info().rss / KB)
                )
            await asyncio.sleep(every_s)

    @property
    def begin_mb(self) -> float:
        return self.samples[0][1] / KB

    @property
    def end_mb(self) -> float:
        return self.samples[-1][1] / KB

    @property
    def most_mb(self) -> float:
        return max(kb for _, kb in self.samples) / KB

    @property
    def growth(self) -> float:
        """kB a minute, over the second half: by then all that is kept for good is loaded."""
        return slope(self.samples[len(self.samples) // 2 :])


def slope(samples: Sequence[Sample]) -> float:
    """kB a minute, of the line that lies closest to these."""
    if len(samples) < 2:
        return 0.0
    mean_at = sum(at for at, _ in samples) / len(samples)
    mean_kb = sum(kb for _, kb in samples) / len(samples)
    spread = sum((at - mean_at) ** 2 for at, _ in samples)
    together = sum((at - mean_at) * (kb - mean_kb) for at, kb in samples)
    return 60 * together / spread if spread else 0.0
