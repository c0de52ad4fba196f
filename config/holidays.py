"""Public holidays with the region's own list on top. In a roster they are Sundays."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from config.entry import Entry

HolidayName = Literal[
    "Nieuwjaarsdag",
    "Goede vrijdag",
    "Eerste paasdag",
    "Tweede paasdag",
    "Koningsdag",
    "Bevrijdingsdag",
    "Hemelvaartsdag",
    "Eerste pinksterdag",
    "Tweede pinksterdag",
    "Eerste kerstdag",
    "Tweede kerstdag",
]


class Holidays(Entry):
    """What this region adds to the public holidays, and which of them are ordinary days there."""

    also: tuple[date, ...] = ()
    without: tuple[HolidayName, ...] = ()

    def of(self, public: Mapping[date, str]) -> frozenset[date]:
        """The days on which this region has a Sunday's roster, among public holidays by name."""
        kept = {day for day, names in public.items() if not self._ordinary(names)}
        return frozenset(kept | set(self.also))

    def _ordinary(self, names: str) -> bool:
        """Two holidays can fall on one day: `Bevrijdingsdag; Hemelvaartsdag`."""
        return all(name in self.without for name in names.split("; "))
