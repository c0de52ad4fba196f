"""What `main.py roster show` and `roster gaps` say: for people in lines, for programs as JSON.

Other programs may rely on the JSON: it only ever gets more keys.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commands.people import with_role
from commands.roster.load import roster_of
from commands.roster.reach import reaching_roster
from commands.roster.seats import callable_keys, seats_to_show
from commands.rules.roster.course import Stretch, stretches
from commands.rules.roster.gaps import gaps
from commands.rules.roster.rule import DutyRole, Roster, Seat, Why
from commands.world import World
from config.catalogue import Texts
from config.wording import clock_with_day
from storage.store import Unit

ROLES: tuple[DutyRole, ...] = ("primary", "backup")
Told = tuple[list[str], dict[str, Any]]


@dataclass(frozen=True)
class Wanted:
    """Which part of the roster, in UTC epoch milliseconds."""

    since: int
    until: int
    partner: str | None = None
    function: str | None = None

    @property
    def is_instant(self) -> bool:
        """One moment was asked for, not a stretch of time."""
        return self.until == self.since + 1


async def show(unit: Unit, world: World, wanted: Wanted) -> Told:
    """Who is on duty, per seat: at an instant, or stretch by stretch, with what put them there."""
    texts = Texts(world.region.language)
    roster = await _callable(unit, world, wanted)
    contact_points = await _contact_points(unit) if wanted.is_instant else {}
    lines: list[str] = []
    seats: list[dict[str, Any]] = []
    for seat in _seats(roster, world, wanted):
        course = stretches(roster, seat, wanted.since, wanted.until, reasons=True)
        lines.append(_name(world, seat))
        lines += [f"  {_line(each, wanted, texts)}" for each in course]
        told = _seat(seat)
        if wanted.is_instant:
            told["order"] = [*_order(course[0]), *contact_points.get(seat.partner, ())]
        else:
            told["stretches"] = [{**_times(each), "order": _order(each)} for each in course]
        seats.append(told)
    return lines, {**_span(wanted), "seats": seats}


async def show_gaps(unit: Unit, world: World, wanted: Wanted) -> Told:
    """When nobody who can be reached stands where somebody must, and why not."""
    span = wanted.until - wanted.since
    return _gaps(await reaching_roster(unit, world, span, since=wanted.since), world, wanted)


async def show_planned_gaps(unit: Unit, world: World, wanted: Wanted) -> Told:
    """The same of the roster alone, whoever of them can be reached."""
    span = wanted.until - wanted.since
    return _gaps(await roster_of(unit, since=wanted.since, span_ms=span), world, wanted)


def _gaps(roster: Roster, world: World, wanted: Wanted) -> Told:
    texts = Texts(world.region.language)
    found = gaps(roster, _seats(roster, world, wanted), wanted.since, wanted.until, ROLES)
    lines = [
        texts.get(
            "cli.roster.gap",
            name=_name(world, gap.seat),
            role=texts.get(f"roster.role.{gap.role}"),
            since=clock_with_day(gap.start, wanted.since, texts.language),
            until=clock_with_day(gap.end, wanted.since, texts.language),
            why=_because(gap.why, texts),
        )
        for gap in found
    ]
    told = [
        {
            **_seat(gap.seat),
            "role": gap.role,
            "from": _iso(gap.start),
            "to": _iso(gap.end),
            "why": _why(gap.why),
        }
        for gap in found
    ]
    return lines or [texts.get("cli.roster.no_gaps")], {**_span(wanted), "gaps": told}


async def _callable(unit: Unit, world: World, wanted: Wanted) -> Roster:
    roster = await roster_of(unit, since=wanted.since, span_ms=wanted.until - wanted.since)
    return roster.reaching(await callable_keys(unit, world))


def _seats(roster: Roster, world: World, wanted: Wanted) -> Iterator[Seat]:
    for partner in world.region.partners:
        if wanted.partner in (None, partner.key):
            for seat in seats_to_show(roster, world, partner.key):
                if wanted.function in (None, seat.function):
                    yield seat


def _name(world: World, seat: Seat) -> str:
    partner = world.region.partner(seat.partner)
    function = partner.function(seat.function)
    language = world.region.language
    parts = [partner.label.heading(language), function.heading(language) if function else ""]
    return ", ".join(part for part in (*parts, seat.place) if part)


async def _contact_points(unit: Unit) -> dict[str, list[dict[str, Any]]]:
    """The step of the chain behind primary and backup."""
    found: dict[str, list[dict[str, Any]]] = {}
    for person in await with_role(unit, "contact_point"):
        why = {"because": "contact_point"}
        told = {"role": "contact_point", "person": person.key, "why": why}
        found.setdefault(person.partner, []).append(told)
    return found


def _line(stretch: Stretch, wanted: Wanted, texts: Texts) -> str:
    who = "; ".join(
        texts.get(
            "cli.roster.holder",
            role=texts.get(f"roster.role.{role}"),
            person=stretch.holder(role) or texts.get("cli.roster.nobody"),
            why=_because(stretch.why(role), texts),
        )
        for role in ROLES
    )
    if wanted.is_instant:
        return who
    clock: Callable[[int], str] = lambda at: clock_with_day(at, wanted.since, texts.language)  # noqa: E731
    return f"{clock(stretch.start)} – {clock(stretch.end)}: {who}"


def _because(why: Why | None, texts: Texts) -> str:
    if why is None:
        return texts.get("cli.roster.why.not_planned")
    return texts.get(f"cli.roster.why.{why.because}", number=why.number, person=why.person or "")


def _order(stretch: Stretch) -> list[dict[str, Any]]:
    return [
        {"role": role, "person": stretch.holder(role), "why": _why(stretch.why(role))}
        for role in ROLES
    ]


def _why(why: Why | None) -> dict[str, Any] | None:
    if why is None:
        return None
    return {"because": why.because, "number": why.number or None, "instead_of": why.person}


def _seat(seat: Seat) -> dict[str, Any]:
    return {"partner": seat.partner, "function": seat.function, "place": seat.place}


def _times(stretch: Stretch) -> dict[str, str]:
    return {"from": _iso(stretch.start), "to": _iso(stretch.end)}


def _span(wanted: Wanted) -> dict[str, str]:
    if wanted.is_instant:
        return {"at": _iso(wanted.since)}
    return {"from": _iso(wanted.since), "to": _iso(wanted.until)}


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z")
