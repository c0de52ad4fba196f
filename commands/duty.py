"""Who is on duty, from the roster in the database."""

from collections.abc import Collection, Iterable
from datetime import date, time

from sqlalchemy import bindparam
from sqlmodel import col, select

from commands.people import People, callable_people, row_id
from commands.rules.chain import Candidate, Role
from commands.rules.roster import DutyRule, Stretch, stretches
from config.protocol import Called
from storage.store import Unit
from storage.tables import Duty


async def rules_of(unit: Unit) -> list[DutyRule]:
    """The region's roster as the rules read it."""
    found = await unit.session.exec(_ROSTER, params={"region": unit.region_id})
    return [_rule(duty) for duty in found]


_ROSTER = select(Duty).where(Duty.region_id == bindparam("region")).order_by(col(Duty.id))


async def candidates(
    unit: Unit, called: Iterable[Called], at: int, also: Collection[str] = ()
) -> tuple[list[tuple[Candidate, ...]], People]:
    """Whom to call for each function at an instant (UTC epoch milliseconds), in order, and who
    they are. Somebody without a messenger counts as nobody, unless they are in `also`: people (by
    key) who are reached in another way."""
    rules = await rules_of(unit)
    on_duty = [
        (each.partner, stretches(rules, each.partner, each.function, at, at + 1)[0])
        for each in called
    ]
    named = {key for _, now in on_duty for key in (now.primary, now.backup) if key is not None}
    people = await callable_people(unit, named, {partner for partner, _ in on_duty})
    reached = {key for key, (_, identity) in people.items() if identity or key in also}
    return [_in_order(people, reached, partner, now) for partner, now in on_duty], people


def _in_order(
    people: People, reached: Collection[str], partner: str, now: Stretch
) -> tuple[Candidate, ...]:
    wanted: list[tuple[str | None, Role]] = [(now.primary, "primary"), (now.backup, "backup")]
    wanted += [
        (key, "contact_point")
        for key, (person, _) in people.items()
        if person.partner == partner and person.has_role("contact_point")
    ]
    return tuple(Candidate(key if key in reached else None, role) for key, role in wanted)


def _rule(duty: Duty) -> DutyRule:
    return DutyRule(
        id=row_id(duty),
        partner=duty.partner,
        function=duty.function,
        weekdays=frozenset(int(day) for day in duty.weekdays),
        start=_clock(duty.start),
        end=_clock(duty.end),
        primary=duty.primary,
        backup=duty.backup,
        valid_from=date.fromisoformat(duty.valid_from) if duty.valid_from else None,
        valid_until=date.fromisoformat(duty.valid_until) if duty.valid_until else None,
    )


def _clock(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)
