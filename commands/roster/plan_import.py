"""A roster file and the present roster: what would change, and changing it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from commands.messages import Param
from commands.roster.files.names import Colleague, Names, Unclear
from commands.roster.files.parsed import ParsedRoster
from commands.roster.files.problem import Problem
from commands.roster.seats import callable_roster
from commands.rules.moments import DAY
from commands.rules.roster.difference import Difference, difference
from commands.rules.roster.replacement import Planned, Replacement, carried_out, replacement
from commands.rules.roster.rule import DutyRole, DutyRule, Roster, Seat
from commands.world import World
from storage.access_log import Actor, note
from storage.store import Unit
from storage.tables import Absence, Duty, Person, RosterChange

AHEAD = 14 * DAY
PLANNED, FILE = "planned", "file"
_AT_ONCE = 500  # rows in one statement


@dataclass(frozen=True)
class Plan:
    """What a file changes, seen from the roster as it is now. `mark` tells that roster apart."""

    parsed: ParsedRoster
    change: Replacement
    soon: Difference  # within fourteen days
    mark: str


async def names_of(unit: Unit, world: World) -> Names:
    """Everybody who can stand in a roster file."""
    found = await unit.session.exec(
        select(Person)
        .where(Person.region_id == unit.region_id, col(Person.active).is_(True))
        .order_by(col(Person.id))
    )
    people = tuple(
        Colleague(
            person.key,
            person.partner,
            person.label,
            frozenset(person.functions.split()),
            person.has_role("duty"),
        )
        for person in found
    )
    return Names(world.region, people)


async def plan_import(unit: Unit, world: World, parsed: ParsedRoster, source: str = FILE) -> Plan:
    """Nothing is changed. source: whose planned shifts are replaced."""
    roster = await callable_roster(unit, world, AHEAD)
    planned = await planned_by_number(unit, parsed.seats, source)
    change = replacement(
        parsed.rules, parsed.planned, parsed.seats, parsed.days, roster.rules, planned
    )
    after = carried_out(roster, change)
    seats = _seats(parsed, roster, after)
    soon = difference(roster, after, seats, unit.now, unit.now + AHEAD)
    mark = await _mark(unit, parsed, roster, planned)
    return Plan(parsed, change, soon, mark)


async def carry_out(
    unit: Unit, plan: Plan, actor: Actor, *, right: str, source: str = FILE
) -> None:
    """In the transaction of the caller, with a line in the access log for each organisation."""
    gone = [rule.id for rule in plan.change.rules_gone]
    for some in _portions(gone):
        await unit.session.exec(delete(Duty).where(col(Duty.id).in_(some)))
    unit.session.add_all(_row(unit, rule) for rule in plan.change.rules_new)
    for some in _portions(plan.change.planned_gone):
        await unit.session.exec(
            update(RosterChange).where(col(RosterChange.id).in_(some)).values(undone_at=unit.now)
        )
    unit.session.add_all(
        RosterChange(
            region_id=unit.region_id,
            partner=shift.seat.partner,
            function=shift.seat.function,
            place=shift.seat.place,
            start_at=shift.start,
            end_at=shift.end,
            role=shift.role,
            enters=shift.person,
            kind=PLANNED,
            source=source,
            made_by=actor.key,
            made_at=unit.now,
        )
        for shift in plan.change.planned_new
    )
    await unit.session.flush()
    for partner in plan.parsed.partners:
        await note(unit, actor, "change", "roster", right=right, on_behalf=partner)


def no_longer_fits(parsed: ParsedRoster, names: Names, only: str | None) -> list[Problem]:
    """What has become wrong in a file that was understood before: people leave and change."""
    named: dict[tuple[Seat, str], int] = {}
    for rule in parsed.rules:
        for key in (key for pair in rule.turns for key in (pair.primary, pair.backup) if key):
            named.setdefault((rule.seat, key), rule.id)
    for shift in parsed.planned:
        if shift.person:
            named.setdefault((shift.seat, shift.person), shift.row)
    problems = [Problem("not_yours") for partner in parsed.partners if only not in (None, partner)]
    for (seat, key), row in named.items():
        person = names.by_key(key)
        wrong = (
            names.fit(person, seat.partner, seat.function)
            if person
            else Unclear("unknown_person", names.choices(seat.partner))
        )
        if wrong is not None:
            params: dict[str, Param] = {"choices": wrong.choices} if wrong.choices else {}
            problems.append(Problem(wrong.code, row, params=params))
    return problems


async def planned_by_number(
    unit: Unit, seats: Sequence[Seat], source: str = FILE
) -> dict[int, Planned]:
    """The planned shifts of these seats that came from this source, by row id."""
    found = await every_planned(unit, {seat.partner for seat in seats}, source)
    return {number: each for number, each in found.items() if each.seat in seats}


async def every_planned(
    unit: Unit, partners: Collection[str], source: str = FILE, *, since: int | None = None
) -> dict[int, Planned]:
    """The same of whole organisations. since: those that end later (UTC epoch milliseconds)."""
    wanted = select(RosterChange).where(
        RosterChange.region_id == unit.region_id,
        RosterChange.kind == PLANNED,
        RosterChange.source == source,
        col(RosterChange.undone_at).is_(None),
        col(RosterChange.partner).in_(partners),
    )
    if since is not None:
        wanted = wanted.where(col(RosterChange.end_at) > since)
    found: dict[int, Planned] = {}
    for row in await unit.session.exec(wanted.order_by(col(RosterChange.id))):
        role: DutyRole = "backup" if row.role == "backup" else "primary"
        seat = Seat(row.partner, row.function, row.place)
        found[row.id or 0] = Planned(seat, role, row.enters, row.start_at, row.end_at)
    return found


def _seats(parsed: ParsedRoster, *rosters: Roster) -> list[Seat]:
    """Every seat of the functions that the file is about, before or after it."""
    about = dict.fromkeys(
        (seat.partner, seat.function) for seat in (*(r.seat for r in parsed.rules), *parsed.seats)
    )
    seats = [seat for each in about for roster in rosters for seat in roster.seats_of(*each)]
    return list(dict.fromkeys([*seats, *parsed.seats]))


async def _mark(
    unit: Unit, parsed: ParsedRoster, roster: Roster, planned: dict[int, Planned]
) -> str:
    """Other as soon as a rule, a planned shift, anybody's change or absence is other."""
    rules = sorted(rule.id for rule in roster.rules if rule.seat.partner in parsed.partners)
    changes = await unit.session.exec(
        select(
            func.count(col(RosterChange.id)),
            func.max(col(RosterChange.id)),
            func.count(col(RosterChange.undone_at)),
        ).where(
            RosterChange.region_id == unit.region_id,
            col(RosterChange.partner).in_(parsed.partners),
        )
    )
    absences = await unit.session.exec(
        select(
            func.count(col(Absence.id)), func.max(col(Absence.id)), func.count(col(Absence.end_at))
        ).where(Absence.region_id == unit.region_id)
    )
    seen = [rules, sorted(planned), list(changes.one()), list(absences.one())]
    return sha256(json.dumps(seen).encode()).hexdigest()


def _row(unit: Unit, rule: DutyRule) -> Duty:
    return Duty(
        region_id=unit.region_id,
        partner=rule.seat.partner,
        function=rule.seat.function,
        place=rule.seat.place,
        weekdays="".join(str(day) for day in sorted(rule.weekdays)),
        start=rule.start.isoformat("minutes"),
        end=rule.end.isoformat("minutes"),
        turns=json.dumps([[pair.primary, pair.backup] for pair in rule.turns]),
        turn=rule.turn,
        first_turn=rule.first_turn.isoformat() if rule.first_turn else None,
        valid_from=rule.valid_from.isoformat() if rule.valid_from else None,
        valid_until=rule.valid_until.isoformat() if rule.valid_until else None,
        temporary=rule.temporary,
    )


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[n : n + _AT_ONCE] for n in range(0, len(ids), _AT_ONCE))
