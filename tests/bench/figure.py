"""Samples of one thing, and what is told of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Samples:
    """Measured values of one thing, in `unit`."""

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
        low, high = self.rank(10), self.rank(90)
        return f"{_short(self.median)} {self.unit} ({_short(low)}–{_short(high)})"

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Ratio:
    """How many times longer ours took than the floor. `pairs` are neighbours in time."""

    ours: Samples
    floor: Samples

    @property
    def median(self) -> float:
        """Of the ratios of neighbours: what the machine did meanwhile, it did to both."""
        return self._of_pairs().median

    @property
    def of_medians(self) -> float:
        return self.ours.median / self.floor.median

    def _of_pairs(self) -> Samples:
        pairs = zip(self.ours.values, self.floor.values, strict=True)
        return Samples(tuple(ours / floor for ours, floor in pairs), "×")

    def __str__(self) -> str:
        spread = self._of_pairs()
        return f"{spread.median:.2f} ({spread.rank(10):.2f}–{spread.rank(90):.2f})"


@dataclass(frozen=True)
class Figure:
    """A line of the table. `value` is what the bar is held against, None where there is no bar."""

    name: str
    shown: str
    count: int
    value: float | None = None
    bar: float | None = None
    unit: str = ""

    @property
    def missed(self) -> bool:
        return self.bar is not None and self.value is not None and self.value > self.bar


def of(name: str, samples: Samples) -> Figure:
    """A line without a bar."""
    return Figure(name, str(samples), len(samples))


def against(name: str, ratio: Ratio, bar: float) -> Figure:
    """A line that holds a ratio against its bar."""
    return Figure(name, str(ratio), len(ratio.ours), ratio.median, bar, "×")


def milliseconds(seconds: Sequence[float]) -> Samples:
    return Samples(tuple(second * 1000 for second in seconds))


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
