"""Samples of one thing, and what is told of them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Samples:
    """Measured values of one thing, in `unit`. Shown as median and where 8 of 10 lie."""

    values: tuple[float, ...]
    unit: str = "ms"

    @property
    def median(self) -> float:
        return median(self.values)

    def rank(self, percent: float) -> float:
        """The smallest sample that `percent` of all samples do not exceed."""
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]

    def __str__(self) -> str:
        spread = f"{short(self.rank(10))}–{short(self.rank(90))}"
        return f"{short(self.median)} ({spread}) {self.unit}"

    def __len__(self) -> int:
        return len(self.values)


def milliseconds(seconds: Iterable[float]) -> Samples:
    return Samples(tuple(second * 1000 for second in seconds))


@dataclass(frozen=True)
class Ratio:
    """How many times longer ours took than the floor; the samples were taken in turn."""

    ours: Samples
    floor: Samples

    @property
    def median(self) -> float:
        """Of the ratios of neighbours: what else the machine did, it did to both."""
        return self.of_pairs.median

    @property
    def of_pairs(self) -> Samples:
        """The ratio of every sample to the floor taken next to it."""
        pairs = zip(self.ours.values, self.floor.values, strict=True)
        return Samples(tuple(ours / floor for ours, floor in pairs), "×")

    @property
    def of_medians(self) -> float:
        """For comparing: it does not know of neighbours."""
        return self.ours.median / self.floor.median


def short(value: float) -> str:
    """With as many digits as mean something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
