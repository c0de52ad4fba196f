"""The figures as lines to read: what, how much, against what, the bar, and whether it holds."""

from dataclasses import dataclass

from tests.bench.figure import Ratio, Samples, short

COLUMNS = ("", "ours", "floor", "ratio", "bar", "n", "")
HOLDS, MISSED = "✓", "✗ MISSED"


@dataclass(frozen=True)
class Line:
    """`value` is held against `bar`; a line without a bar is for understanding the others."""

    name: str
    ours: str
    floor: str = ""
    ratio: str = ""
    bar: str = ""
    count: int = 1
    missed: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: MISSED, False: HOLDS}[self.missed]
        count = str(self.count)
        return (self.name, self.ours, self.floor, self.ratio, self.bar, count, verdict)


def compared(name: str, ratio: Ratio, bar: float | None = None) -> Line:
    """Ours beside its floor. The ratio is the median of neighbours, with its spread."""
    return Line(
        name,
        str(ratio.ours),
        str(ratio.floor),
        str(ratio.of_pairs),
        f"≤ {short(bar)} ×" if bar else "",
        len(ratio.ours),
        ratio.median > bar if bar else None,
    )


def plain(name: str, samples: Samples) -> Line:
    """Median and spread."""
    return Line(name, str(samples), count=len(samples))


def tail(
    name: str, samples: Samples, floor: Samples | None = None, bar: float | None = None
) -> Line:
    """The 99th percentile against its bar, with the median; both of the floor as well."""
    return Line(
        name,
        _tail(samples),
        _tail(floor) if floor else "",
        bar=f"p99 ≤ {bar:.0f} {samples.unit}" if bar else "",
        count=len(samples),
        missed=samples.rank(99) > bar if bar else None,
    )


def worst(name: str, samples: Samples, floor: Samples, bar: float) -> Line:
    """The worst of all against its bar, with the median; both of the floor as well."""
    return Line(
        name,
        _worst(samples),
        _worst(floor),
        bar=f"worst ≤ {bar:.0f} {samples.unit}",
        count=len(samples),
        missed=max(samples.values) > bar,
    )


def at_most(name: str, shown: str, value: float, bar: float, unit: str, count: int = 1) -> Line:
    """One value against its bar."""
    return Line(name, shown, bar=f"≤ {bar:.0f} {unit}", count=count, missed=value > bar)


def render(lines: list[Line]) -> str:
    """In columns."""
    rows = [COLUMNS, *(line.cells for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _tail(samples: Samples) -> str:
    return f"{short(samples.median)}, p99 {short(samples.rank(99))} {samples.unit}"


def _worst(samples: Samples) -> str:
    return f"{short(samples.median)}, worst {short(max(samples.values))} {samples.unit}"
